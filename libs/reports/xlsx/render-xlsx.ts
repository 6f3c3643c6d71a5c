import type { ReportModel } from '#application';
import { changeSheet } from './change-sheet.js';
import { findingSheets, MOST_SHEET_ROWS } from './finding-sheets.js';
import { summarySheet } from './summary-sheet.js';
import { unreadSheet } from './unread-sheet.js';
import { Workbook } from './workbook.js';
import { type ZipPart, zipParts } from './zip-parts.js';

/** A workbook (ECMA-376) with the sheets Summary, Findings, Changes and Not read. The same model makes the same bytes. */
export function renderXlsx(model: ReportModel, mostSheetRows = MOST_SHEET_ROWS): AsyncGenerator<Uint8Array> {
  return zipParts(partsOf(model, mostSheetRows), model.generatedAt);
}

async function* partsOf(model: ReportModel, mostSheetRows: number): AsyncGenerator<ZipPart> {
  const workbook = new Workbook(model);
  yield* workbook.opening();
  yield summarySheet(model, workbook);
  yield* findingSheets(model, workbook, mostSheetRows);
  yield changeSheet(model, workbook);
  yield unreadSheet(model, workbook);
  yield* workbook.closing();
}
