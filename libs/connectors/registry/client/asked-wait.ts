import { retryAfterMs, type HttpReply } from '#connector-kit';

/**
 * How long a reply asks us to keep away, clamped to 1 s … 15 min; null when it does not say. Docker Hub says it in `X-Retry-After`, as a
 * unix time (https://docs.docker.com/docker-hub/usage/), others as RFC 9110 has it.
 */
export function askedWaitMs(reply: Pick<HttpReply, 'header'>, now: number): number | null {
  return retryAfterMs(reply.header('retry-after'), now) ?? retryAfterMs(reply.header('x-retry-after'), now);
}
