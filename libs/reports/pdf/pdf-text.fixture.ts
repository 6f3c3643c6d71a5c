import { extractText, getDocumentProxy } from 'unpdf';
import type { ReportModel } from '#application';
import { bytesOf } from '../xlsx/workbook.fixture.js';
import { renderPdf } from './render-pdf.js';

export async function pdfOf(model: ReportModel): Promise<Buffer> {
  return bytesOf(renderPdf(model));
}

/** The document as a reader of PDF takes it. */
export function openPdf(bytes: Buffer): ReturnType<typeof getDocumentProxy> {
  return getDocumentProxy(new Uint8Array(bytes));
}

/** The text of each page: what is selected and copied, and what a search finds. */
export async function pageTexts(model: ReportModel): Promise<readonly string[]> {
  const { text } = await extractText(await openPdf(await pdfOf(model)));
  return text;
}

/** Text without the breaks that the width of a page put into it. */
export function unbroken(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
