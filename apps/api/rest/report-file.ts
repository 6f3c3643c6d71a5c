import { basename, dirname } from 'node:path';
import send from '@fastify/send';
import { REPORT_FORMATS, type ReportFileRecord, type ReportFormat, type ReportRecord } from '#application';
import { notFound } from '#core';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { HttpFault } from '../errors/http-fault.js';
import { viewerOf } from '../http/authentication.js';
import { matchesNone } from './preconditions.js';
import { reportFileName } from './report-file-name.js';
import { isSignedDownload, signedLinkOf } from './signed-download.js';

const TYPES = {
  HTML: 'text/html; charset=utf-8',
  CSV: 'text/csv; charset=utf-8',
  JSON: 'application/json; charset=utf-8',
  XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  PDF: 'application/pdf',
} as const satisfies Record<ReportFormat, string>;

/** Whatever a tag's value says, a report that is opened runs nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * Downloads one file of a report to whoever may read the report, or has a signed link to the file. Files never change: their hash is their ETag; a range gets its
 * part (https://www.rfc-editor.org/rfc/rfc9110#section-14).
 */
export function reportFileHandler(deps: ApiDependencies): RouteHandlerMethod {
  return async (request, reply) => {
    const { id, format } = request.params as { id: string; format: string };
    const signed = isSignedDownload(request);
    const report = signed
      ? await deps.openReportLink(signedLinkOf(request))
      : await deps.operations.run('report', viewerOf(request), { id });
    const file = fileOf(report, format);
    const path = file === null ? null : await deps.reportFiles.path(id, file.format);
    if (report === null || file === null || path === null) throw notFound('report file', `${id}/${format}`);
    const etag = `"${file.sha256}"`;
    void reply.headers({
      etag,
      // What a link gave is not kept after the link's time.
      'cache-control': signed ? 'private, no-store' : 'private, max-age=31536000, immutable',
      'content-disposition': `attachment; filename="${reportFileName(report, file.format)}"`,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
    if (matchesNone(request.headers['if-none-match'], etag)) return reply.code(304).send();
    void reply.type(TYPES[file.format]);
    const part = await send(rangeOnly(request, etag) as never, encodeURIComponent(basename(path)), {
      ...SEND_OPTIONS,
      root: dirname(path),
    });
    if (part.statusCode === 404) throw notFound('report file', `${id}/${format}`);
    if (part.statusCode === 416) {
      throw new HttpFault(416, 'INPUT_INVALID', 'The range lies outside of the file.', {
        headers: { 'content-range': `bytes */${file.bytes}`, 'cache-control': 'no-store' },
      });
    }
    for (const name of ['content-range', 'content-length']) {
      const value = headerOf(part.headers, name);
      if (value !== undefined) void reply.header(name, value);
    }
    return reply.code(part.statusCode).send(part.stream);
  };
}

const SEND_OPTIONS = {
  dotfiles: 'allow',
  etag: false,
  lastModified: false,
  cacheControl: false,
  contentType: false,
  index: false,
} as const;

/** The file that the address names, when the report has it: `html` of a report made as HTML. */
function fileOf(report: ReportRecord | null, format: string): ReportFileRecord | null {
  const known = REPORT_FORMATS.find((candidate) => candidate.toLowerCase() === format);
  return report?.files.find((file) => file.format === known) ?? null;
}

/** Conditions are judged here, by the hash; what is left to say is the range, unless `If-Range` names another file. */
function rangeOnly(request: FastifyRequest, etag: string) {
  const { range, 'if-range': condition } = request.headers;
  const ranged = range !== undefined && (condition === undefined || condition === etag);
  return { method: request.method, headers: ranged ? { range } : {} };
}

function headerOf(headers: object, name: string): string | undefined {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return entry === undefined ? undefined : String(entry[1]);
}
