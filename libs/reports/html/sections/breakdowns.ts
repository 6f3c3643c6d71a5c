import type { PeriodCounts, ReportModel, TargetSummary } from '#application';
import { scoreText } from '../../score-formula.js';
import { targetName } from '../../reported-findings.js';
import { bar, change, count, day } from '../figures.js';
import { foreignText } from '../foreign-text.js';
import { type Content, type Markup, markup } from '../markup.js';
import { type Column, section, tableOf } from '../tables.js';

/** Open findings, and what changed in the period, by whatever a reader asks for. */
export function breakdowns(model: ReportModel): Markup {
  return markup`<div class="pair">${bySeverity(model)}${byPlatform(model)}</div>
    ${byTarget(model)}
    <div class="pair">${byTeam(model)}${byRule(model)}</div>`;
}

const PLATFORM_NAMES = { ec2: 'EC2', git: 'git', registry: 'Registries', docker: 'Docker' } as const;

/** Open, new and fixed; the drawing compares the open ones. */
function countColumns<Row extends PeriodCounts>(
  rows: readonly Row[],
  tone: (row: Row) => string = () => 'plain',
): readonly Column<Row>[] {
  const most = rows.reduce((largest, { open }) => Math.max(largest, open), 0);
  return [
    { title: 'Open', kind: 'number', cell: ({ open }) => count(open) },
    { title: null, kind: 'chart', cell: (row) => bar(row.open, most, tone(row)) },
    { title: 'New', kind: 'number', cell: (row) => count(row.new) },
    { title: 'Fixed', kind: 'number', cell: ({ resolved }) => count(resolved) },
  ];
}

function bySeverity({ summary: { bySeverity: rows } }: ReportModel): Markup {
  const table = tableOf('Open findings of each severity, and what changed in the period', rows, [
    {
      title: 'Severity',
      kind: 'head',
      cell: ({ severity }) => markup`<span class="badge ${severity}">${severity}</span>`,
    },
    ...countColumns(rows, ({ severity }) => severity),
  ]);
  return section('by-severity', 'By severity', table);
}

function byPlatform({ summary: { byPlatform: rows } }: ReportModel): Markup {
  const table = tableOf('Open findings and score of each platform', rows, [
    {
      title: 'Platform',
      kind: 'head',
      cell: ({ platform, targets }) =>
        markup`${PLATFORM_NAMES[platform]} <small>${count(targets)} target${targets === 1 ? '' : 's'}</small>`,
    },
    { title: 'Score', kind: 'number', cell: ({ score }) => scoreOrNone(score) },
    ...countColumns(rows),
  ]);
  return section(
    'by-platform',
    'By platform',
    rows.length === 0 ? markup`<p>There is no target in this report.</p>` : table,
  );
}

function byTarget(model: ReportModel): Markup {
  const { byTarget: rows, targets } = model.summary;
  const known = new Map(targets.map((target) => [target.id, target]));
  const table = tableOf('Score now and its change, open findings, and what changed in the period', rows, [
    {
      title: 'Target',
      kind: 'head',
      cell: ({ targetId }) => {
        const target = known.get(targetId);
        const place =
          target === undefined
            ? null
            : markup`<small>${target.platform} · ${foreignText(target.location)}</small>`;
        return markup`${foreignText(targetName(model, targetId))} ${place}`;
      },
    },
    {
      title: 'Score',
      kind: 'number',
      cell: ({ score }) => (score === null ? 'not scanned' : scoreText(score)),
    },
    { title: 'Change', kind: 'number', cell: ({ score, scoreBefore }) => change(score, scoreBefore) },
    ...countColumns(rows),
    { title: 'Tags', kind: 'number', cell: ({ tags }) => count(tags) },
    { title: 'Last scan', kind: 'prose', cell: lastScan },
  ]);
  return section(
    'by-target',
    'By target',
    rows.length === 0 ? markup`<p>There is no target in this report.</p>` : table,
  );
}

const ENDINGS: Readonly<Record<string, string>> = {
  PARTIAL: 'in part',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

function lastScan({ lastScan: scan }: TargetSummary): Content {
  if (scan === null) return markup`<span class="none">none</span>`;
  const ending = ENDINGS[scan.status];
  return markup`${day(scan.finishedAt)}${ending === undefined ? null : markup` <small class="alert">${ending}</small>`}`;
}

function byTeam({ summary: { byTeam: rows, teamsBeyond } }: ReportModel): Markup {
  const table = tableOf('Open findings of each team', rows, [
    {
      title: 'Team',
      kind: 'head',
      cell: ({ team }) =>
        team === null ? markup`<span class="none">no owner known</span>` : foreignText(team),
    },
    ...countColumns(rows),
  ]);
  const beyond =
    teamsBeyond === 0 ? null : markup`<p class="muted">${count(teamsBeyond)} more teams have fewer.</p>`;
  return section(
    'by-team',
    'By team',
    rows.length === 0 ? markup`<p>No team has a finding in this period.</p>` : markup`${table}${beyond}`,
  );
}

function byRule({ summary: { byRule: rows } }: ReportModel): Markup {
  const table = tableOf('Open findings of each rule, the most first', rows, [
    {
      title: 'Rule',
      kind: 'head',
      cell: ({ title, rulePack, ruleId }) =>
        markup`${foreignText(title)} <small>${foreignText(rulePack)}/${foreignText(ruleId)}</small>`,
    },
    ...countColumns(rows, ({ severity }) => severity),
  ]);
  return section(
    'by-rule',
    'By rule',
    rows.length === 0 ? markup`<p>No rule has an open finding.</p>` : table,
  );
}

function scoreOrNone(score: number | null): Content {
  return score === null ? markup`<span class="none">–</span>` : scoreText(score);
}
