import type { FieldValue } from '../finding-fields.js';
import type { SheetRow } from './sheet-rows.js';
import type { SheetLayout } from './sheet-xml.js';
import type { StyleName } from './styles.js';

export interface TableColumn<Item> {
  readonly title: string;
  /** In characters. */
  readonly width: number;
  readonly value: (item: Item) => FieldValue;
  readonly style: StyleName | ((item: Item) => StyleName);
}

const HEADER_HEIGHT = 30;

export function tableLayout<Item>(columns: readonly TableColumn<Item>[]): SheetLayout {
  return { widths: columns.map(({ width }) => width), isTable: true, orientation: 'landscape' };
}

/** The header and a row for each item. */
export async function* tableRows<Item>(
  columns: readonly TableColumn<Item>[],
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<SheetRow> {
  yield { cells: columns.map(({ title }) => ({ value: title, style: 'header' })), height: HEADER_HEIGHT };
  for await (const item of items) {
    yield {
      cells: columns.map(({ value, style }) => ({
        value: value(item),
        style: typeof style === 'string' ? style : style(item),
      })),
    };
  }
}
