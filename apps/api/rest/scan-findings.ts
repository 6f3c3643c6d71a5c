import { Readable } from 'node:stream';
import { ReadScanResults, type ScanResults } from '#application';
import type { Severity } from '#core';
import { renderJunit, renderSarif } from '#reports';
import type { RouteHandlerMethod } from 'fastify';
import { z } from 'zod';
import type { ApiDependencies } from '../api-dependencies.js';
import { viewerOf } from '../http/authentication.js';
import { failOn } from './fail-on.js';
import { JUNIT_TYPE, negotiate, SARIF_TYPE } from './media-types.js';
import { strictQuery } from './strict-query.js';

export const SCAN_FINDINGS_PATH = '/scans/:id/findings';

interface CiFormat {
  readonly type: string;
  readonly extension: string;
  readonly render: (results: ScanResults, options: CiOptions) => AsyncGenerator<string>;
}
interface CiOptions {
  readonly failOn: Severity;
  readonly version: string;
}

export const CI_FORMATS = {
  sarif: {
    type: SARIF_TYPE,
    extension: 'sarif',
    render: (results, { version }) => renderSarif(results, version),
  },
  junit: {
    type: JUNIT_TYPE,
    extension: 'junit.xml',
    render: (results, { failOn }) => renderJunit(results, failOn),
  },
} as const satisfies Record<string, CiFormat>;

export const DEFAULT_FAIL_ON: Severity = 'low';

const QUERY = {
  format: z.enum(['sarif', 'junit']).optional(),
  failOn: failOn.default(DEFAULT_FAIL_ON),
};

/**
 * What a scan that has ended found and is still open, for CI systems: SARIF or JUnit by `Accept` or `?format=`, which wins. Streamed as it is
 * read. The first chunk is made before the answer begins, so that a fault is an answer of its own; a later one cuts the stream, so that half a
 * file is never taken for a whole one.
 */
export function scanFindingsHandler({ operations, config, logger }: ApiDependencies): RouteHandlerMethod {
  const reader = new ReadScanResults(operations);
  return async (request, reply) => {
    const { id } = request.params as { id: string };
    const { format, failOn: least } = strictQuery(request, QUERY);
    const { type, extension, render } =
      format === undefined ? acceptedFormat(request.headers.accept) : CI_FORMATS[format];
    const results = await reader.execute(viewerOf(request), id);
    void reply
      .type(`${type}; charset=utf-8`)
      .header('vary', 'accept')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="tagward-scan-${results.scan.id}.${extension}"`);
    if (request.method === 'HEAD') return reply.send();
    const chunks = render(results, { failOn: least, version: config.version });
    const text = Readable.from(startingWith(await chunks.next(), chunks), { objectMode: false });
    text.on('error', (error) => logger.error({ requestId: request.id, err: error }, 'results cut off'));
    return reply.send(text);
  };
}

async function* startingWith(first: IteratorResult<string, unknown>, rest: AsyncGenerator<string>) {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

function acceptedFormat(accept: string | undefined): CiFormat {
  const formats = Object.values(CI_FORMATS);
  const chosen = negotiate(
    accept,
    formats.map(({ type }) => type),
  );
  return formats.find(({ type }) => type === chosen) ?? CI_FORMATS.sarif;
}
