import { readXlsx, type Sheet, type Workbook } from 'hucre/xlsx';
import type { ReportModel } from '#application';
import { renderXlsx } from './render-xlsx.js';

/** All bytes of a file. */
export async function bytesOf(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(all);
}

export async function workbookOf(model: ReportModel, mostSheetRows?: number): Promise<Workbook> {
  return readXlsx(await bytesOf(renderXlsx(model, mostSheetRows)), { readStyles: true });
}

export function sheetOf(workbook: Workbook, name: string): Sheet {
  const sheet = workbook.sheets.find((candidate) => candidate.name === name);
  if (sheet === undefined) throw new Error(`There is no sheet ${name}.`);
  return sheet;
}

/** The rows of a table sheet by the titles of its columns. */
export function recordsOf({ rows }: Sheet): Record<string, unknown>[] {
  const [titles = [], ...body] = rows;
  return body.map((row) =>
    Object.fromEntries(titles.map((title, index) => [String(title), row[index] ?? null])),
  );
}
