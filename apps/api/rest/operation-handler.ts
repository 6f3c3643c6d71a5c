import type { Readable } from 'node:stream';
import { HygieneError, notFound, type Logger, type Severity } from '#core';
import {
  type AdmissionRecord,
  OPERATIONS,
  type OperationName,
  type OperationSpec,
  type Page,
  type RulePackRecord,
  type ScanRecord,
} from '#application';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { HttpFault } from '../errors/http-fault.js';
import { ReportFileLinks } from '../features/reports/report-file-links.js';
import { WebhookLinks } from '../features/webhooks/webhook-links.js';
import { viewerOf } from '../http/authentication.js';
import { bearerToken } from '../http/bearer-token.js';
import { endWithToken } from '../live/end-with-token.js';
import type { Live } from '../live/live.js';
import { admissionStatus, fails, readFailOn, withoutFailOn } from './fail-on.js';
import { isExported, offeredTypes, openExport } from './export.js';
import { CSV_TYPE, JSON_TYPE, negotiate, YAML_TYPE } from './media-types.js';
import { readBeside } from './beside.js';
import { answerPage, readTotal } from './page-answer.js';
import { matchesNone, versionTag } from './preconditions.js';
import { PRESENTERS } from './presenters.js';
import { readInput } from './read-input.js';
import { refusedPack } from './refused-pack.js';
import { columnsOf } from './columns.js';
import { readWait, waitedStatus, waitForEnd, waits, withoutWait } from './wait.js';

type Bodies = (outputs: readonly unknown[]) => Promise<unknown[]>;

/** One operation over REST: read, run, present. */
export function operationHandler(
  name: OperationName,
  spec: OperationSpec,
  deps: ApiDependencies,
  live: Live,
): RouteHandlerMethod {
  const { operations, config, readModels, logger } = deps;
  const links = new ReportFileLinks(config.publicUrl);
  const hooks = new WebhookLinks(config.publicUrl);
  const presentAll: Bodies = async (outputs) => {
    const beside = await readBeside(name, outputs, { links, hooks, readModels });
    return outputs.map((output) => PRESENTERS[name].body(output as never, beside));
  };
  const offered = name === 'rulePack' ? [JSON_TYPE, YAML_TYPE] : offeredTypes(name);
  return async (request, reply) => {
    const viewer = viewerOf(request);
    const type = spec.rest.status === 204 ? JSON_TYPE : negotiate(request.headers.accept, offered);
    const seconds = waits(name) ? readWait(request) : null;
    const least = fails(name) ? readFailOn(request) : null;
    const own = least === null ? request : withoutFailOn(request);
    const input = readInput(spec, seconds === null ? own : withoutWait(own));
    if (offered.length > 1) void reply.header('vary', 'accept');
    if (type !== JSON_TYPE && isExported(name)) {
      const present = async (rows: readonly unknown[]) =>
        (await presentAll(rows)) as Record<string, unknown>[];
      const stream = await openExport(
        { operations, name, viewer, input, present, columns: columnsOf(name) },
        type,
      );
      watchExport(stream, request, live, logger);
      return download(reply, `${spec.noun}.${type === CSV_TYPE ? 'csv' : 'ndjson'}`, type).send(stream);
    }
    const withTotal = spec.paged && readTotal(request);
    const result: unknown = await withPreconditions(request, () => operations.run(name, viewer, input));
    if (result === null) throw notFound(words(name), String(input['id'] ?? input['name']));
    const output =
      seconds === null
        ? result
        : await waitForEnd(live, { scan: result as ScanRecord, seconds, request, reply });
    if (spec.paged)
      return answerPage({ page: output as Page<unknown>, presentAll, withTotal, request, reply });
    const [body] = await presentAll([output]);
    if (name === 'rulePack')
      return answerPack(output as RulePackRecord, type, { request, reply, body, waited: false, least });
    return answerOne(name, spec, output, { request, reply, body, waited: seconds !== null, least });
  };
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: unknown;
  /** Somebody asked to wait for the end of a scan. */
  readonly waited: boolean;
  /** From this severity on a finding is a failure; null: none is. */
  readonly least: Severity | null;
}

function answerOne(
  name: OperationName,
  spec: OperationSpec,
  output: unknown,
  { reply, body, waited, least }: Exchange,
) {
  if (fails(name)) void reply.code(admissionStatus(output as AdmissionRecord, least));
  else if (waited && name === 'startScan') void reply.code(waitedStatus(output as ScanRecord, reply));
  else void reply.code(spec.rest.status);
  if (body === undefined) return reply.send();
  if (name === 'putRulePack') {
    const result = body as { rulePack: { version: number } | null };
    if (result.rulePack === null) throw refusedPack(output);
    void reply.header('etag', versionTag(result.rulePack.version));
  }
  const id = (output as { id?: unknown }).id;
  if (spec.kind === 'mutation' && spec.rest.status !== 200 && typeof id === 'string' && hasOwnAddress(spec)) {
    void reply.header('location', `/api/v1${spec.rest.path}/${encodeURIComponent(id)}`);
  }
  return reply.send(body);
}

function answerPack(pack: RulePackRecord, type: string, { request, reply, body }: Exchange) {
  const tag = versionTag(pack.version);
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (matchesNone(request.headers['if-none-match'], tag)) return reply.code(304).send();
  if (type === YAML_TYPE) return reply.type(`${YAML_TYPE}; charset=utf-8`).send(pack.document);
  return reply.send(body);
}

/** A fault cuts it off and is logged; so does the end of its token, which is none. */
function watchExport(stream: Readable, request: FastifyRequest, live: Live, logger: Logger): void {
  stream.on('error', (error) => {
    const level = error instanceof HygieneError ? 'info' : 'error';
    logger[level]({ requestId: request.id, err: error }, 'export cut off');
  });
  const token = bearerToken(request.headers.authorization) ?? '';
  endWithToken(stream, live.sessions.hold(token, viewerOf(request)));
}

function download(reply: FastifyReply, filename: string, type: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${filename}"`);
}

/** Is there a `GET` of one of them? Then what was made has an address. */
function hasOwnAddress(spec: OperationSpec): boolean {
  const own = `${spec.rest.path}/{id}`;
  return Object.values(OPERATIONS).some(({ rest }) => rest.method === 'GET' && rest.path === own);
}

/** A version that does not hold is 412 when the request made it a precondition, 409 when its body did. */
async function withPreconditions<T>(request: FastifyRequest, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const conditional = 'if-match' in request.headers || 'if-none-match' in request.headers;
    if (conditional && error instanceof HygieneError && error.code === 'VERSION_CONFLICT') {
      throw new HttpFault(412, error.code, error.message);
    }
    throw error;
  }
}

/** `rulePack` is a rule pack. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}
