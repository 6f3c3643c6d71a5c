import { isFinished, type OperationName, type ScanRecord } from '#application';
import { HygieneError } from '#core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bearerToken } from '../http/bearer-token.js';
import { viewerOf } from '../http/authentication.js';
import { STOPPING } from '../live/live-sessions.js';
import type { Live } from '../live/live.js';
import type { RequestParts } from './read-input.js';
import { strictQuery } from './strict-query.js';

/** Proxies in front give up after a minute or two. */
const MAX_WAIT_SECONDS = 120;
/** Of an answer that came before the scan's end. */
const ASK_AGAIN_SECONDS = 2;

const wait = z
  .string()
  .regex(/^\d{1,4}$/, 'expected whole seconds')
  .transform(Number)
  .refine(
    (seconds) => seconds <= MAX_WAIT_SECONDS,
    `expected at most ${MAX_WAIT_SECONDS} seconds; ask again after that`,
  );

/** Operations of one scan, whose answer may be kept back until the scan has ended: `?wait=60`. */
export function waits(name: OperationName): boolean {
  return name === 'startScan' || name === 'scan';
}

/** null when nobody asks to wait. @throws HygieneError INPUT_INVALID */
export function readWait(request: Pick<FastifyRequest, 'query'>): number | null {
  const query = request.query as Record<string, unknown>;
  if (!Object.hasOwn(query, 'wait')) return null;
  return strictQuery({ query: { wait: query['wait'] } }, { wait }).wait;
}

/** The request as it is without that parameter: what the operation reads. */
export function withoutWait({ query, params, body, headers }: RequestParts): RequestParts {
  const { wait: _wait, ...rest } = query as Record<string, unknown>;
  return { query: rest, params, body, headers };
}

/**
 * The scan once it has ended, or as it is when the seconds are over, the service stops, or the caller is gone. A token with too many
 * streams open is answered at once: it has started a scan, and is told so.
 *
 * @throws HygieneError TOKEN_EXPIRED, TOKEN_UNKNOWN when the token is no longer good, NOT_FOUND when the scan is gone
 */
export async function waitForEnd(
  live: Live,
  asked: { scan: ScanRecord; seconds: number; request: FastifyRequest; reply: FastifyReply },
): Promise<ScanRecord> {
  const { scan, seconds, request, reply } = asked;
  const viewer = viewerOf(request);
  const giveBack = slotOf(live, viewer.subject);
  if (giveBack === null) return scan;
  const session = live.sessions.hold(bearerToken(request.headers.authorization) ?? '', viewer);
  const gone = new AbortController();
  const onGone = (): void => gone.abort();
  reply.raw.once('close', onGone);
  try {
    const limit = AbortSignal.any([AbortSignal.timeout(seconds * 1_000), session.ended, gone.signal]);
    const last = await live.scans.end(viewer, scan, limit);
    if (session.ended.aborted && session.ended.reason !== STOPPING)
      throw session.ended.reason as HygieneError;
    return last;
  } finally {
    reply.raw.off('close', onGone);
    session.release();
    giveBack();
  }
}

/** 200 with the scan that has ended, else 202 and when to ask again. */
export function waitedStatus(scan: ScanRecord, reply: FastifyReply): 200 | 202 {
  if (isFinished(scan.status)) return 200;
  void reply.header('retry-after', String(ASK_AGAIN_SECONDS));
  return 202;
}

export const WAIT_DOCS = {
  name: 'wait',
  in: 'query',
  required: false,
  description: 'Answer once the scan has ended, or with its present state after so many seconds.',
  schema: { type: 'integer', minimum: 0, maximum: MAX_WAIT_SECONDS },
} as const;

function slotOf(live: Live, subject: string): (() => void) | null {
  try {
    return live.streams.take(subject);
  } catch (error) {
    if (error instanceof HygieneError && error.code === 'RATE_LIMITED') return null;
    throw error;
  }
}
