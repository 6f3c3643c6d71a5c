import { type FieldValue, FINDING_FIELDS } from '../finding-fields.js';
import type { ReportedFinding } from '../reported-findings.js';

/** A number stays a number; null is an empty cell without quotes, the empty text is `""`. */
export type Cell = string | number | null;

interface Column {
  readonly name: string;
  readonly cell: (row: ReportedFinding) => Cell;
}

/**
 * The columns of the CSV file, in their order. Names and spellings are those of the JSON file.
 * The first must not be called ID: Excel would take the file for SYLK.
 */
export const CSV_COLUMNS: readonly Column[] = FINDING_FIELDS.map(({ name, value }) => ({
  name,
  cell: (row) => cellOf(value(row)),
}));

function cellOf(value: FieldValue): Cell {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'boolean' ? String(value) : value;
}
