import { HygieneError } from '#core';
import { RETRY_AFTER_MAX_MS, type HttpReply } from '#connector-kit';
import type { Place } from '../errors.js';

/** The part of the limit that is left to people and clusters. */
const RESERVE = 0.1;
/** `76;w=21600` */
const COUNT = /^(\d{1,9})(?:;w=\d+)?$/;

/**
 * How many manifests a registry still lets us fetch. Docker Hub counts each GET of a manifest as a pull, a HEAD as none, and says with each how
 * many are left (https://docs.docker.com/docker-hub/usage/pulls/): reading stops before it takes the last from those who have to run something.
 */
export class PullBudget {
  private low: { readonly remaining: number; readonly limit: number } | null = null;

  note(reply: Pick<HttpReply, 'header'>): void {
    const limit = countIn(reply.header('ratelimit-limit'));
    const remaining = countIn(reply.header('ratelimit-remaining'));
    if (limit === null || remaining === null) return;
    this.low = remaining < limit * RESERVE ? { remaining, limit } : null;
  }

  /** @throws HygieneError REMOTE_THROTTLED when too few are left */
  expectLeft({ what, origin }: Place): void {
    if (this.low === null) return;
    const { remaining, limit } = this.low;
    throw new HygieneError(
      'REMOTE_THROTTLED',
      `${origin} leaves ${remaining} of ${limit} pulls, which are not spent on ${what}. Scan again later; a credential of a paid plan raises the limit. Manifests that were read before are not read again.`,
      { retryAfterMs: RETRY_AFTER_MAX_MS },
    );
  }
}

function countIn(header: string | null): number | null {
  const match = COUNT.exec(header?.trim() ?? '');
  return match === null ? null : Number(match[1]);
}
