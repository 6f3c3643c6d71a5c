import { stringify } from 'csv-stringify/sync';
import type { ReportModel } from '#application';
import { reportedFindings } from '../reported-findings.js';
import { type Cell, CSV_COLUMNS } from './csv-columns.js';
import { guardFormula } from './formula-guard.js';

/** Excel reads a CSV file as UTF-8 only when it starts with this. */
const BYTE_ORDER_MARK = '\ufeff';
const BATCH_ROWS = 100;

/**
 * The findings as RFC 4180: CRLF, every text in quotes, a header row. Text that a spreadsheet could run is guarded.
 * Starts with a byte order mark.
 */
export async function* renderCsv(model: ReportModel): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvOf([CSV_COLUMNS.map(({ name }) => name)]);
  let batch: Cell[][] = [];
  for await (const row of reportedFindings(model)) {
    batch.push(CSV_COLUMNS.map(({ cell }) => guarded(cell(row))));
    if (batch.length < BATCH_ROWS) continue;
    yield csvOf(batch);
    batch = [];
  }
  if (batch.length > 0) yield csvOf(batch);
}

function guarded(cell: Cell): Cell {
  return typeof cell === 'string' ? guardFormula(cell) : cell;
}

function csvOf(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], { record_delimiter: '\r\n', quoted_string: true });
}
