import type { ReportModel } from '#application';
import { targetName } from '../reported-findings.js';
import { scoreChange } from '../score-change.js';
import { SCORE_FORMULA } from '../score-formula.js';
import { unreadParts } from '../unread-parts.js';
import type { SheetRow } from './sheet-rows.js';
import type { SheetLayout } from './sheet-xml.js';
import {
  block,
  cell,
  COUNT_TITLES,
  countCells,
  EMPTY_ROW,
  row,
  SCORE_TITLES,
  scoreCell,
  scoreCells,
  SUMMARY_COLUMNS,
  text,
  whole,
} from './summary-cells.js';
import type { Workbook } from './workbook.js';
import type { ZipPart } from './zip-parts.js';

const LAYOUT: SheetLayout = {
  widths: Object.values(SUMMARY_COLUMNS).map(({ width }) => width),
  isTable: false,
  orientation: 'landscape',
};

/** The figures of the report, block under block. */
export function summarySheet(model: ReportModel, workbook: Workbook): ZipPart {
  return workbook.sheet('Summary', LAYOUT, [
    ...opening(model),
    ...totals(model),
    ...bySeverity(model),
    ...byPlatform(model),
    ...byTarget(model),
    ...byTeam(model),
    ...byRule(model),
    ...trend(model),
    ...oldest(model),
    ...closing(model),
  ]);
}

function opening(model: ReportModel): SheetRow[] {
  const { score, scoreBefore } = model.summary;
  const unread = unreadParts(model).length;
  const warning = `${unread} part(s) could not be read: see the sheet "Not read". Figures may be too low or old.`;
  return [
    row({ name: cell('Tag hygiene report', 'title') }, 30),
    row({ name: cell('From (UTC)', 'muted'), detail: cell(model.from, 'date') }),
    row({ name: cell('To (UTC)', 'muted'), detail: cell(model.to, 'date') }),
    row({ name: cell('Made (UTC)', 'muted'), detail: cell(model.generatedAt, 'date') }),
    EMPTY_ROW,
    row(
      {
        name: cell('Hygiene score, 0 to 100', 'heading'),
        detail: score === null ? cell('none yet: nothing was scanned', 'muted') : scoreCell(score, 'score'),
      },
      30,
    ),
    row({ name: cell('Before the period', 'muted'), detail: scoreCell(scoreBefore, 'decimalLeft') }),
    row({ name: cell('Change', 'muted'), detail: cell(scoreChange(score, scoreBefore), 'signedLeft') }),
    ...(unread === 0 ? [] : [row({ name: cell(warning, 'warning') }, 45)]),
    EMPTY_ROW,
  ];
}

function totals({ summary }: ReportModel): SheetRow[] {
  const { flapping, fixable } = summary.totals;
  return [
    ...block('Totals', { name: '', ...COUNT_TITLES, tags: 'Tags' }, [
      row({ name: text('Findings'), ...countCells(summary.totals), tags: whole(summary.tags) }),
      row({ name: text('of these open: come and go'), open: whole(flapping) }),
      row({ name: text('of these open: fixable as things stand'), open: whole(fixable) }),
    ]),
  ];
}

function bySeverity({ summary }: ReportModel): SheetRow[] {
  return block(
    'By severity',
    { name: 'Severity', ...COUNT_TITLES },
    summary.bySeverity.map((counts) =>
      row({ name: cell(counts.severity.toUpperCase(), counts.severity), ...countCells(counts) }),
    ),
  );
}

function byPlatform({ summary }: ReportModel): SheetRow[] {
  return block(
    'By platform',
    { name: 'Platform', detail: 'Targets', ...COUNT_TITLES, score: SCORE_TITLES.score },
    summary.byPlatform.map((counts) =>
      row({
        name: text(counts.platform.toUpperCase()),
        detail: cell(counts.targets, 'integerLeft'),
        ...countCells(counts),
        score: scoreCell(counts.score),
      }),
    ),
  );
}

function byTarget(model: ReportModel): SheetRow[] {
  const targets = new Map(model.summary.targets.map((target) => [target.id, target]));
  return block(
    'By target',
    {
      name: 'Target',
      detail: 'Platform',
      more: 'Location',
      ...COUNT_TITLES,
      ...SCORE_TITLES,
      tags: 'Tags',
      at: 'Last scan (UTC)',
    },
    model.summary.byTarget.map((counts) =>
      row({
        name: text(targetName(model, counts.targetId)),
        detail: text(targets.get(counts.targetId)?.platform.toUpperCase() ?? null),
        more: text(targets.get(counts.targetId)?.location ?? null),
        ...countCells(counts),
        ...scoreCells(counts.score, counts.scoreBefore),
        tags: whole(counts.tags),
        at: cell(counts.lastScan?.finishedAt ?? null, 'date'),
      }),
    ),
  );
}

function byTeam({ summary }: ReportModel): SheetRow[] {
  const beyond = `${summary.teamsBeyond} more team(s), fewer open findings each`;
  return block('By team', { name: 'Team', ...COUNT_TITLES }, [
    ...summary.byTeam.map((counts) =>
      row({
        name: counts.team === null ? cell('no owner known', 'muted') : text(counts.team),
        ...countCells(counts),
      }),
    ),
    ...(summary.teamsBeyond === 0 ? [] : [row({ name: cell(beyond, 'muted') })]),
  ]);
}

function byRule({ summary }: ReportModel): SheetRow[] {
  return block(
    'By rule',
    { name: 'Rule', detail: 'Severity', more: 'Pack and id', ...COUNT_TITLES },
    summary.byRule.map((counts) =>
      row({
        name: cell(counts.title, 'wrapped'),
        detail: cell(counts.severity.toUpperCase(), counts.severity),
        more: text(`${counts.rulePack}/${counts.ruleId}`),
        ...countCells(counts),
      }),
    ),
  );
}

function trend({ summary }: ReportModel): SheetRow[] {
  return block(
    'Trend',
    { name: 'At (UTC)', open: COUNT_TITLES.open, score: SCORE_TITLES.score },
    summary.trend.map(({ at, score, open }) =>
      row({ name: cell(at, 'date'), open: whole(open), score: scoreCell(score) }),
    ),
  );
}

function oldest(model: ReportModel): SheetRow[] {
  return block(
    'Open for the longest time',
    { name: 'Fault', detail: 'Target', more: 'Resource', at: 'First seen (UTC)' },
    model.summary.oldest.map((finding) =>
      row({
        name: cell(finding.message, 'wrapped'),
        detail: text(targetName(model, finding.targetId)),
        more: text(finding.resource),
        at: cell(finding.firstSeenAt, 'date'),
      }),
    ),
  );
}

function closing(model: ReportModel): SheetRow[] {
  return [
    row({ name: cell('How the score is made', 'heading') }, 24),
    ...SCORE_FORMULA.split(/(?<=\.) /).map((sentence) => row({ name: cell(sentence, 'muted') })),
    EMPTY_ROW,
    row({ name: cell('Report', 'muted'), detail: text(model.id) }),
    row({ name: cell('Head of the audit log', 'muted'), detail: text(model.auditHead) }),
  ];
}
