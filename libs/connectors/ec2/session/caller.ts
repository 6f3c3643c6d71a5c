import { HygieneError } from '#core';
import {
  backOffMs,
  cancelled,
  orCancelled,
  paceClock,
  RETRY_AFTER_MAX_MS,
  type AdaptiveLimiter,
  type PaceClock,
  type Attempts,
} from '#connector-kit';
import { isClockSkewLearnt, translateFault, type CallSite } from '../errors.js';
import { REPLY_LIMIT_MS } from './bounded-http-handler.js';
import { sharedLimiter } from './call-limits.js';

export interface Call<Output> extends Omit<CallSite, 'endpoint'> {
  /** Whose budget the call is counted in: the account, or the credential while the account is unknown. */
  readonly payer: string;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
  send(signal: AbortSignal): Promise<Output>;
}

/** Makes calls: paced by the limiter of the process, tried again where that can help, faults translated. The SDK retries nothing itself. */
export class Caller {
  private readonly clock: PaceClock;
  private readonly limiter: AdaptiveLimiter;

  /** @param endpoint the target's own, for messages; null: AWS's */
  constructor(
    now: () => number,
    private readonly endpoint: string | null,
  ) {
    this.clock = paceClock(now);
    this.limiter = sharedLimiter(now);
  }

  /** Throws a HygieneError: CANCELLED when the signal was aborted, else what the last attempt ended with. */
  async call<Output>(call: Call<Output>): Promise<Output> {
    const key = `${call.payer}/${call.region}/${call.service}:${call.operation}`;
    for (let attempt = 1, skewLearnt = false; ; attempt += 1) {
      await this.limiter.acquire(key, call.signal, call.attempts.turnMs);
      try {
        const output = await this.attempt(call);
        this.limiter.succeeded(key);
        return output;
      } catch (fault) {
        if (call.signal.aborted) throw cancelled();
        if (!skewLearnt && isClockSkewLearnt(fault)) {
          skewLearnt = true;
          continue;
        }
        await this.waitOrGiveUp(key, call, attempt, this.translate(fault, call));
      }
    }
  }

  private translate(fault: unknown, call: Call<unknown>): HygieneError {
    return translateFault(fault, { ...call, endpoint: this.endpoint }, this.clock.now());
  }

  private async attempt<Output>(call: Call<Output>): Promise<Output> {
    const limit = AbortSignal.timeout(REPLY_LIMIT_MS);
    const signal = AbortSignal.any([call.signal, limit]);
    try {
      return await orCancelled(call.send(signal), signal);
    } catch (fault) {
      if (limit.aborted && !call.signal.aborted)
        throw new HygieneError(
          'REMOTE_TIMEOUT',
          `${call.operation} in ${call.region} was not answered within ${REPLY_LIMIT_MS / 1_000} s. Scan again; if it stays, check the network to AWS.`,
        );
      throw fault;
    }
  }

  private async waitOrGiveUp(
    key: string,
    call: Call<unknown>,
    attempt: number,
    error: HygieneError,
  ): Promise<void> {
    const throttled = error.code === 'REMOTE_THROTTLED';
    if (throttled) this.limiter.throttled(key, error.retryAfterMs ?? 0);
    const attempts = throttled ? call.attempts.throttled : call.attempts.faulty;
    const asked = Math.min(error.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
    const tooLong = asked > call.attempts.backOff.capMs;
    if (!mayPassLater(error) || attempt >= attempts || tooLong) throw error;
    await this.clock.sleep(Math.max(asked, backOffMs(attempt, call.attempts.backOff)), call.signal);
  }
}

/** A reply that was cut off may come whole the next time; what the server refused, or does not implement, it refuses again. */
function mayPassLater(error: HygieneError): boolean {
  const status = error.details['status'];
  const refused = error.code === 'REMOTE_REPLY_INVALID' && typeof status === 'number' && status >= 400;
  return error.retryable && !refused && status !== 501;
}
