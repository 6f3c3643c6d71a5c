import { HygieneError } from '#core';
import {
  backOffMs,
  RETRY_AFTER_MAX_MS,
  type GuardedHttp,
  type HttpReply,
  type HttpRequest,
  type Attempts,
} from '#connector-kit';
import { statusFault } from '../errors.js';
import { askedWaitMs } from './asked-wait.js';
import type { RegistryPace } from './registry-pace.js';

export interface Exchange<T> {
  readonly request: HttpRequest;
  readonly attempts: Attempts;
  /** Reads or discards the body. Not called for 429 and 5xx. */
  readonly read: (reply: HttpReply) => Promise<T>;
}

/** Requests paced with all others to the same registry, and tried again where that can help. */
export class PacedHttp {
  constructor(
    private readonly http: GuardedHttp,
    private readonly pace: RegistryPace,
  ) {}

  /** Throws a HygieneError: CANCELLED when the signal was aborted, else what the last attempt ended with. */
  async exchange<T>(exchange: Exchange<T>): Promise<T> {
    const { request, attempts } = exchange;
    const { origin } = request.url;
    const { limiter } = this.pace;
    for (let attempt = 1; ; attempt += 1) {
      await limiter.acquire(origin, request.signal, attempts.turnMs);
      try {
        const value = await this.pace.gate(origin).run(request.signal, () => this.attempt(exchange));
        limiter.succeeded(origin);
        return value;
      } catch (fault) {
        if (!(fault instanceof HygieneError)) throw fault;
        await this.waitOrGiveUp(exchange, attempt, fault);
      }
    }
  }

  private async attempt<T>({ request, read }: Exchange<T>): Promise<T> {
    const reply = await this.http.send(request);
    const { status } = reply;
    if (status !== 429 && (status < 500 || status === 501)) return read(reply);
    await reply.discard();
    const wait = askedWaitMs(reply, this.pace.clock.now());
    const place = { what: request.what, origin: request.url.origin };
    throw inTime(statusFault(status === 503 && wait !== null ? 429 : status, place), wait);
  }

  private async waitOrGiveUp(
    { request, attempts }: Exchange<unknown>,
    attempt: number,
    error: HygieneError,
  ): Promise<void> {
    const throttled = error.code === 'REMOTE_THROTTLED';
    if (throttled) this.pace.limiter.throttled(request.url.origin, error.retryAfterMs ?? 0);
    const most = throttled ? attempts.throttled : attempts.faulty;
    const asked = Math.min(error.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
    if (!mayPassLater(error) || attempt >= most || asked > attempts.backOff.capMs) throw error;
    await this.pace.clock.sleep(Math.max(asked, backOffMs(attempt, attempts.backOff)), request.signal);
  }
}

/** What was read whole and made no sense makes none the next time. */
function mayPassLater({ code }: HygieneError): boolean {
  return (
    code === 'REMOTE_THROTTLED' ||
    code === 'REMOTE_FAULT' ||
    code === 'REMOTE_TIMEOUT' ||
    code === 'REMOTE_UNREACHABLE'
  );
}

function inTime({ code, message, details }: HygieneError, wait: number | null): HygieneError {
  return new HygieneError(code, message, { details, ...(wait === null ? {} : { retryAfterMs: wait }) });
}
