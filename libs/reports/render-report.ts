import type { RenderReport, ReportFormat, ReportModel } from '#application';
import { renderCsv } from './csv/render-csv.js';
import { renderHtml } from './html/render-html.js';
import { inChunks } from './in-chunks.js';
import { renderJson } from './json/render-json.js';
import { renderPdf } from './pdf/render-pdf.js';
import { renderXlsx } from './xlsx/render-xlsx.js';

const RENDERERS = {
  HTML: (model) => inChunks(renderHtml(model)),
  CSV: (model) => inChunks(renderCsv(model)),
  JSON: (model) => inChunks(renderJson(model)),
  XLSX: renderXlsx,
  PDF: renderPdf,
} as const satisfies Record<ReportFormat, (model: ReportModel) => AsyncIterable<string | Uint8Array>>;

/**
 * Renders one file of a report, chunk by chunk: bytes, or text to be written as UTF-8. Findings are pulled as chunks are: a
 * report of any size takes the memory of a chunk, and a consumer that stops early ends the query behind the findings.
 */
export const renderReport = ((format, model) => RENDERERS[format](model)) satisfies RenderReport;
