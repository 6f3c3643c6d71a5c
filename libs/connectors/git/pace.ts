import { HygieneError } from '#core';
import { AdaptiveLimiter, backOffMs, paceClock, type PaceClock } from '#connector-kit';

/** Conversations with one host: forges ask for no more than that, https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
const PACE = { perSecond: 10, burst: 30, floorPerSecond: 0.2 };
const ATTEMPTS = 3;
const BACK_OFF = { baseMs: 300, capMs: 3_000 };
/** The host asked for a longer silence, or other targets have the turns until then: the job is tried again later instead. */
const LONGEST_WAIT_MS = 20_000;

const limiters = new WeakMap<() => number, AdaptiveLimiter>();

/** Paces the conversations with each host, over all connectors that share a clock, and tries again where that may help. */
export class Pace {
  private readonly clock: PaceClock;
  private readonly limiter: AdaptiveLimiter;

  constructor(
    now: () => number,
    private readonly host: string,
  ) {
    this.clock = paceClock(now);
    this.limiter = limiters.get(now) ?? new AdaptiveLimiter(this.clock, PACE);
    limiters.set(now, this.limiter);
  }

  async once<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.limiter.acquire(this.host, signal, LONGEST_WAIT_MS);
    try {
      const result = await work();
      this.limiter.succeeded(this.host);
      return result;
    } catch (fault) {
      if (fault instanceof HygieneError && fault.code === 'REMOTE_THROTTLED')
        this.limiter.throttled(this.host, Math.min(fault.retryAfterMs ?? 0, LONGEST_WAIT_MS));
      throw fault;
    }
  }

  async patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work, signal);
      } catch (fault) {
        if (attempt >= ATTEMPTS || !mayPass(fault)) throw fault;
        await this.clock.sleep(backOffMs(attempt, BACK_OFF), signal);
      }
    }
  }
}

/** Passing trouble of the server. A wait that ran out is not repeated: it was long. */
function mayPass(fault: unknown): boolean {
  if (!(fault instanceof HygieneError)) return false;
  if (fault.code === 'REMOTE_THROTTLED') return (fault.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;
  return fault.code === 'REMOTE_FAULT';
}
