import { REPORT_FORMATS, type ReportLink } from '#application';
import { HygieneError } from '#core';
import type { FastifyRequest } from 'fastify';

export const REPORT_FILE_PATH = '/reports/:id/files/:format';

/** Does the request come by a signed link to a file of a report? It needs no token then; one that is sent all the same counts instead. */
export function isSignedDownload(request: FastifyRequest): boolean {
  const { authorization } = request.headers;
  const { url } = request.routeOptions;
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    url?.endsWith(REPORT_FILE_PATH) === true &&
    authorization === undefined &&
    Object.hasOwn(request.query as object, 'signature')
  );
}

/** @throws HygieneError LINK_INVALID for what never was such a link */
export function signedLinkOf(request: FastifyRequest): ReportLink {
  const { id, format: extension } = request.params as { id: string; format: string };
  const { expires, signature } = request.query as Record<string, unknown>;
  const format = REPORT_FORMATS.find((candidate) => candidate.toLowerCase() === extension);
  if (format === undefined || typeof expires !== 'string' || typeof signature !== 'string')
    throw new HygieneError('LINK_INVALID', 'This link was changed or cut short; ask for a new one.');
  return { reportId: id, format, expires, signature };
}
