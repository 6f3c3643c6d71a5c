import type { FieldValue } from '../finding-fields.js';
import { cellText } from './cell-text.js';
import { STYLE_IDS, type StyleName } from './styles.js';

export interface SheetCell {
  readonly value: FieldValue;
  readonly style: StyleName;
}

/** Cells from column A on; undefined leaves one out. */
export interface SheetRow {
  readonly cells: readonly (SheetCell | undefined)[];
  /** In points; as the application sees fit when absent. */
  readonly height?: number;
}

const LETTERS = 26;
const DAY_MS = 86_400_000;
/** 1970-01-01 in days of the 1900 date system. */
const UNIX_EPOCH = 25_569;

/** `A`, `Z`, `AA`. */
export function columnName(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % LETTERS));
  return index < LETTERS ? letter : columnName(Math.floor(index / LETTERS) - 1) + letter;
}

/** One `row` element. `number` counts from 1. */
export function rowXml({ cells, height }: SheetRow, number: number): string {
  let xml =
    height === undefined ? `<row r="${number}">` : `<row r="${number}" ht="${height}" customHeight="1">`;
  for (const [index, cell] of cells.entries()) {
    if (cell !== undefined) xml += cellXml(cell, `${nameOf(index)}${number}`);
  }
  return `${xml}</row>`;
}

const NAMES = Array.from({ length: LETTERS * 2 }, (_, index) => columnName(index));

function nameOf(index: number): string {
  return NAMES[index] ?? columnName(index);
}

/** Text is a string inside the cell: never a formula, whatever it begins with. */
function cellXml({ value, style }: SheetCell, reference: string): string {
  const start = `<c r="${reference}" s="${STYLE_IDS[style]}"`;
  if (value === null) return `${start}/>`;
  if (typeof value === 'string') {
    return `${start} t="inlineStr"><is><t xml:space="preserve">${cellText(value)}</t></is></c>`;
  }
  if (typeof value === 'boolean') return `${start} t="b"><v>${value ? 1 : 0}</v></c>`;
  return `${start}><v>${value instanceof Date ? value.getTime() / DAY_MS + UNIX_EPOCH : value}</v></c>`;
}
