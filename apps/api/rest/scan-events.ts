import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { interruptible, isFinished, type ScanRecord } from '#application';
import { notFound } from '#core';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { toApiFault } from '../errors/api-fault.js';
import { problemOf } from '../errors/problem.js';
import { viewerOf } from '../http/authentication.js';
import { bearerToken } from '../http/bearer-token.js';
import { pathOf } from '../http/path-of.js';
import { STOPPING, type LiveSession } from '../live/live-sessions.js';
import type { Live } from '../live/live.js';
import { EVENT_STREAM_TYPE, negotiate } from './media-types.js';
import { presentScan } from './present.js';
import { strictQuery } from './strict-query.js';

export const SCAN_EVENTS_PATH = '/scans/:id/events';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;
/** The id of the last event: whoever comes back with it has seen the end. */
const LAST_ID = 'end';

const HEADERS = {
  // A connection that carried a stream is used for nothing else, so that stopping does not wait for it.
  connection: 'close',
  'cache-control': 'no-store, no-transform',
  // Proxies would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * A scan as it runs, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. `progress` with the scan at
 * once and whenever it has changed, `done` with it once it has ended; `problem` when the stream ends for another reason.
 */
export function scanEventsHandler(deps: ApiDependencies, live: Live): RouteHandlerMethod {
  return async (request, reply) => {
    negotiate(request.headers.accept, [EVENT_STREAM_TYPE]);
    strictQuery(request, {});
    const { id } = request.params as { id: string };
    const viewer = viewerOf(request);
    const scan = await deps.operations.run('scan', viewer, { id });
    if (scan === null) throw notFound('scan', id);
    // 204 is how a server tells an EventSource not to come back.
    if (request.headers['last-event-id'] === LAST_ID && isFinished(scan.status))
      return reply.code(204).send();
    void reply.type(`${EVENT_STREAM_TYPE}; charset=utf-8`).headers(HEADERS);
    if (request.method === 'HEAD') return reply.send();
    const giveBack = live.streams.take(viewer.subject);
    const session = live.sessions.hold(bearerToken(request.headers.authorization) ?? '', viewer);
    const updates = live.scans.updates(viewer, id);
    const events = interruptible(
      (ended) => writeEvents({ updates, session, ended, request, deps }),
      () => {
        void updates.return();
        session.release();
        giveBack();
      },
    );
    return reply.send(Readable.from(events, { objectMode: false, highWaterMark: 1 }));
  };
}

interface EventSourceOf {
  readonly updates: AsyncGenerator<ScanRecord, void, void>;
  readonly session: LiveSession;
  /** The reader is gone. */
  readonly ended: AbortSignal;
  readonly request: FastifyRequest;
  readonly deps: ApiDependencies;
}

async function* writeEvents(source: EventSourceOf): AsyncGenerator<string, void, void> {
  const { updates, session } = source;
  const ended = AbortSignal.any([source.ended, session.ended]);
  yield `retry: ${RETRY_MS}\n\n`;
  try {
    let next = updates.next();
    for (let count = 1; ;) {
      const result = await withinHeartbeat(next, ended);
      if (ended.aborted) break;
      if (result === null) {
        yield ': \n\n';
        continue;
      }
      if (result.done === true) return;
      const body = JSON.stringify(presentScan(result.value));
      yield eventOf(String(count++), 'progress', body);
      if (isFinished(result.value.status)) yield eventOf(LAST_ID, 'done', body);
      next = updates.next();
    }
    if (!session.ended.aborted || session.ended.reason === STOPPING) return;
    throw session.ended.reason;
  } catch (error) {
    yield problemEvent(error, source);
  }
}

/** null: nothing came for as long as a heartbeat, or `ended` aborted. */
async function withinHeartbeat<T>(next: Promise<T>, ended: AbortSignal): Promise<T | null> {
  const timer = new AbortController();
  const signal = AbortSignal.any([ended, timer.signal]);
  try {
    return await Promise.race([next, delay(HEARTBEAT_MS, null, { signal }).catch(() => null)]);
  } finally {
    timer.abort();
  }
}

function eventOf(id: string, event: string, data: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}

function problemEvent(error: unknown, { request, deps }: EventSourceOf): string {
  const fault = toApiFault(error, request.id);
  if (fault.unexpected) deps.logger.error({ requestId: request.id, err: error }, 'events of a scan cut off');
  const problem = problemOf(fault, pathOf(request.url), request.id);
  return `event: problem\ndata: ${JSON.stringify(problem)}\n\n`;
}
