import type { RenderReport, ReportFormat, ReportModel } from '#application';
import { HygieneError } from '#core';
import { renderCsv } from './csv/render-csv.js';
import { renderHtml } from './html/render-html.js';
import { inChunks } from './in-chunks.js';
import { renderJson } from './json/render-json.js';
import { renderXlsx } from './xlsx/render-xlsx.js';

const RENDERERS = {
  HTML: (model) => inChunks(renderHtml(model)),
  CSV: (model) => inChunks(renderCsv(model)),
  JSON: (model) => inChunks(renderJson(model)),
  XLSX: (model) => renderXlsx(model),
} as const satisfies Partial<
  Record<ReportFormat, (model: ReportModel) => AsyncIterable<string | Uint8Array>>
>;
type RenderableFormat = keyof typeof RENDERERS;

/** The formats that `renderReport` makes. */
export const RENDERABLE_FORMATS: readonly ReportFormat[] = Object.keys(RENDERERS) as RenderableFormat[];

/**
 * Renders one file of a report, chunk by chunk: bytes, or text to be written as UTF-8. Findings are pulled as chunks are: a
 * report of any size takes the memory of a chunk, and a consumer that stops early ends the query behind the findings.
 *
 * @throws HygieneError OPERATION_UNSUPPORTED for a format that is not among RENDERABLE_FORMATS
 */
export const renderReport = ((format, model) => {
  if (isRenderable(format)) return RENDERERS[format](model);
  throw new HygieneError(
    'OPERATION_UNSUPPORTED',
    `formats: no report can be made as ${format}; expected ${RENDERABLE_FORMATS.join(', ')}.`,
  );
}) satisfies RenderReport;

function isRenderable(format: ReportFormat): format is RenderableFormat {
  return RENDERABLE_FORMATS.includes(format);
}
