import type { PeriodCounts, ReportModel } from '#application';
import type { Severity } from '#core';
import { targetName } from '../reported-findings.js';
import { scoreText } from '../score-formula.js';
import { changeText } from '../verdict.js';
import { heading, paragraph } from './heading.js';
import { INK } from './ink.js';
import type { PdfPages } from './pdf-pages.js';
import { type PdfColumn, table } from './table.js';
import { count, counted, isoDay } from './words.js';

const PLATFORMS = { ec2: 'EC2', git: 'git', registry: 'Registries', docker: 'Docker' } as const;

/** Open findings, and what changed, by whatever a reader asks for. */
export function breakdowns(pages: PdfPages, model: ReportModel): void {
  bySeverity(pages, model);
  byPlatform(pages, model);
  byTarget(pages, model);
  byTeam(pages, model);
  byRule(pages, model);
}

const fill = (severity: Severity): string => INK[`${severity}-fill`];

/** Shares of the width: 0.44 together. */
function countColumns<Row extends PeriodCounts>(
  rows: readonly Row[],
  colour: (row: Row) => string = () => INK.accent,
): readonly PdfColumn<Row>[] {
  const most = Math.max(1, ...rows.map(({ open }) => open));
  return [
    { title: 'Open', share: 0.09, align: 'right', text: ({ open }) => count(open) },
    {
      title: '',
      share: 0.17,
      text: () => '',
      bar: (row) => ({ part: row.open / most, colour: colour(row) }),
    },
    { title: 'New', share: 0.09, align: 'right', text: (row) => count(row.new) },
    { title: 'Fixed', share: 0.09, align: 'right', text: ({ resolved }) => count(resolved) },
  ];
}

function bySeverity(pages: PdfPages, { summary: { bySeverity: rows } }: ReportModel): void {
  heading(pages, 'By severity');
  table(pages, rows, [
    {
      title: 'Severity',
      share: 0.56,
      strong: true,
      text: ({ severity }) => severity,
      colour: ({ severity }) => INK[severity],
    },
    ...countColumns(rows, ({ severity }) => fill(severity)),
  ]);
}

function byPlatform(pages: PdfPages, { summary: { byPlatform: rows } }: ReportModel): void {
  if (rows.length === 0) return;
  heading(pages, 'By platform');
  table(pages, rows, [
    {
      title: 'Platform',
      share: 0.46,
      strong: true,
      text: ({ platform }) => PLATFORMS[platform],
      small: ({ targets }) => counted(targets, 'target'),
    },
    {
      title: 'Score',
      share: 0.1,
      align: 'right',
      text: ({ score }) => (score === null ? '–' : scoreText(score)),
    },
    ...countColumns(rows),
  ]);
}

function byTarget(pages: PdfPages, model: ReportModel): void {
  const { byTarget: rows, targets } = model.summary;
  heading(pages, 'By target');
  if (rows.length === 0) return paragraph(pages, 'There is no target in this report.');
  const known = new Map(targets.map((target) => [target.id, target]));
  table(pages, rows, [
    {
      title: 'Target',
      share: 0.28,
      strong: true,
      text: ({ targetId }) => targetName(model, targetId),
      small: ({ targetId }) => {
        const target = known.get(targetId);
        return target === undefined ? null : `${target.platform} · ${target.location}`;
      },
    },
    {
      title: 'Score',
      share: 0.08,
      align: 'right',
      text: ({ score }) => (score === null ? '–' : scoreText(score)),
    },
    {
      title: 'Change',
      share: 0.08,
      align: 'right',
      text: ({ score, scoreBefore }) => changeText(score, scoreBefore) ?? '–',
      colour: ({ score, scoreBefore }) => changeColour(changeText(score, scoreBefore)),
    },
    ...countColumns(rows),
    {
      title: 'Last scan',
      share: 0.12,
      text: ({ lastScan }) => (lastScan === null ? 'none' : isoDay(lastScan.finishedAt)),
      small: ({ lastScan }) =>
        lastScan === null || lastScan.status === 'SUCCEEDED' ? null : lastScan.status.toLowerCase(),
    },
  ]);
}

function byTeam(pages: PdfPages, { summary: { byTeam: rows, teamsBeyond } }: ReportModel): void {
  if (rows.length === 0) return;
  heading(pages, 'By team');
  table(pages, rows, [
    { title: 'Team', share: 0.56, strong: true, text: ({ team }) => team ?? 'no owner known' },
    ...countColumns(rows),
  ]);
  if (teamsBeyond > 0)
    paragraph(pages, `${count(teamsBeyond)} more teams have fewer.`, { colour: INK.muted });
}

function byRule(pages: PdfPages, { summary: { byRule: rows } }: ReportModel): void {
  heading(pages, 'By rule');
  if (rows.length === 0) return paragraph(pages, 'No rule has an open finding.');
  table(pages, rows, [
    {
      title: 'Rule',
      share: 0.46,
      strong: true,
      text: ({ title }) => title,
      small: ({ rulePack, ruleId }) => `${rulePack}/${ruleId}`,
    },
    {
      title: 'Severity',
      share: 0.1,
      text: ({ severity }) => severity,
      colour: ({ severity }) => INK[severity],
    },
    ...countColumns(rows, ({ severity }) => fill(severity)),
  ]);
}

function changeColour(change: string | null): string {
  if (change === null || change === '±0') return INK.muted;
  return change.startsWith('+') ? INK.better : INK.worse;
}
