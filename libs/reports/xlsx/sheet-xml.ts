import { columnName, rowXml, type SheetRow } from './sheet-rows.js';

/** How a sheet looks; its rows come as they are made. */
export interface SheetLayout {
  /** In characters of the default font, one a column. */
  readonly widths: readonly number[];
  /** The first row stays in sight, is repeated on paper, and filters those below it. */
  readonly isTable: boolean;
  readonly orientation: 'portrait' | 'landscape';
}

/** Characters of a chunk of rows. */
const CHUNK_LENGTH = 65_536;
const A4 = 9;

/** A worksheet, chunk by chunk; `written` learns how many rows there are. */
export async function* sheetXml(
  layout: SheetLayout,
  rows: Iterable<SheetRow> | AsyncIterable<SheetRow>,
  written: (rows: number) => void,
): AsyncGenerator<string> {
  let held = headXml(layout);
  let count = 0;
  for await (const row of rows) {
    count += 1;
    held += rowXml(row, count);
    if (held.length < CHUNK_LENGTH) continue;
    yield held;
    held = '';
  }
  written(count);
  yield held + tailXml(layout, count);
}

function headXml({ widths, isTable }: SheetLayout): string {
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane =
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>';
  const view = isTable
    ? `<sheetView workbookViewId="0">${pane}</sheetView>`
    : '<sheetView showGridLines="0" workbookViewId="0"/>';
  return (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' +
    `<sheetViews>${view}</sheetViews><sheetFormatPr defaultRowHeight="15"/>` +
    `<cols>${columns.join('')}</cols><sheetData>`
  );
}

function tailXml(layout: SheetLayout, rows: number): string {
  const filter = layout.isTable ? `<autoFilter ref="${tableRange(layout, rows)}"/>` : '';
  return (
    `</sheetData>${filter}` +
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>' +
    `<pageSetup paperSize="${A4}" orientation="${layout.orientation}" fitToWidth="1" fitToHeight="0"/>` +
    '<headerFooter><oddFooter>&amp;LTagward hygiene report&amp;C&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>' +
    '</worksheet>'
  );
}

/** From the header to the last row. */
export function tableRange({ widths }: SheetLayout, rows: number): string {
  return `A1:${columnName(widths.length - 1)}${rows}`;
}
