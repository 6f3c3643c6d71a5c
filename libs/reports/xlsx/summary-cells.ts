import type { PeriodCounts } from '#application';
import type { FieldValue } from '../finding-fields.js';
import { scoreChange, shownScore } from '../score-change.js';
import type { SheetCell, SheetRow } from './sheet-rows.js';
import type { StyleName } from './styles.js';

/** The columns of every block of the summary: the same figure stands in the same column in all of them. */
export const SUMMARY_COLUMNS = {
  name: { width: 40, title: '' },
  detail: { width: 24, title: '' },
  more: { width: 34, title: '' },
  open: { width: 11, title: 'Open' },
  new: { width: 11, title: 'New' },
  resolved: { width: 11, title: 'Fixed' },
  suppressed: { width: 12, title: 'Suppressed' },
  score: { width: 11, title: 'Score' },
  change: { width: 11, title: 'Change' },
  tags: { width: 12, title: 'Tags' },
  at: { width: 18, title: '' },
} as const;
export type SummaryColumn = keyof typeof SUMMARY_COLUMNS;

const ORDER = Object.keys(SUMMARY_COLUMNS) as SummaryColumn[];
const TEXTS: ReadonlySet<SummaryColumn> = new Set(['name', 'detail', 'more', 'at']);

type Cells = Partial<Record<SummaryColumn, SheetCell>>;

export const cell = (value: FieldValue, style: StyleName): SheetCell => ({ value, style });
export const text = (value: string | null): SheetCell => cell(value, 'text');
export const whole = (value: number): SheetCell => cell(value, 'integer');

export function row(cells: Cells, height?: number): SheetRow {
  const list = ORDER.map((column) => cells[column]);
  return height === undefined ? { cells: list } : { cells: list, height };
}

export const EMPTY_ROW: SheetRow = { cells: [] };

export function countCells(counts: PeriodCounts): Cells {
  return {
    open: whole(counts.open),
    new: whole(counts.new),
    resolved: whole(counts.resolved),
    suppressed: whole(counts.suppressed),
  };
}

/** A score, and how much it moved; an empty cell for what nobody knows. */
export function scoreCells(score: number | null, before: number | null): Cells {
  return { score: scoreCell(score), change: cell(scoreChange(score, before), 'signed') };
}

export function scoreCell(score: number | null, style: StyleName = 'decimal'): SheetCell {
  return cell(score === null ? null : shownScore(score), style);
}

/** A heading, the heads of the columns, a row each, an empty row. Nothing at all without rows. */
export function block(
  heading: string,
  titles: Partial<Record<SummaryColumn, string>>,
  rows: readonly SheetRow[],
): SheetRow[] {
  if (rows.length === 0) return [];
  const heads: Cells = {};
  for (const column of ORDER) {
    const title = titles[column];
    if (title !== undefined) heads[column] = cell(title, TEXTS.has(column) ? 'columnHead' : 'numberHead');
  }
  return [row({ name: cell(heading, 'heading') }, HEADING_HEIGHT), row(heads), ...rows, EMPTY_ROW];
}

const HEADING_HEIGHT = 24;

/** The heads of `countCells`. */
export const COUNT_TITLES = {
  open: SUMMARY_COLUMNS.open.title,
  new: SUMMARY_COLUMNS.new.title,
  resolved: SUMMARY_COLUMNS.resolved.title,
  suppressed: SUMMARY_COLUMNS.suppressed.title,
};
export const SCORE_TITLES = { score: SUMMARY_COLUMNS.score.title, change: SUMMARY_COLUMNS.change.title };
