import type { ReportModel } from '#application';
import { breakdowns } from './breakdowns.js';
import { findings } from './findings.js';
import { PdfPages } from './pdf-pages.js';
import { foundations, oldestDebts, packChanges, unread } from './remarks.js';
import { titlePage } from './title-page.js';

/** The report on A4 pages, to be mailed and printed. Pages are given out as they are full. */
export async function* renderPdf(model: ReportModel): AsyncGenerator<Uint8Array> {
  const pages = new PdfPages(model);
  titlePage(pages, model);
  breakdowns(pages, model);
  oldestDebts(pages, model);
  unread(pages, model);
  packChanges(pages, model);
  pages.next();
  yield* findings(pages, model);
  foundations(pages, model);
  pages.end();
  yield* pages.ready();
}
