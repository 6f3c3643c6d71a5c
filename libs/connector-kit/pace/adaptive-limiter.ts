import { HygieneError } from '#core';
import type { PaceClock } from './clock.js';

export interface Pace {
  /** Calls a second at the start and at most. */
  readonly perSecond: number;
  /** Calls that may go at once after a rest. */
  readonly burst: number;
  /** Calls a second that throttling never goes under. */
  readonly floorPerSecond: number;
}

interface Bucket {
  rate: number;
  tokens: number;
  /** When `tokens` was right; later than now while the remote asked for silence. */
  at: number;
  slowedAt: number;
}

/** A throttle within this time of the last one is the same one: many calls in flight learn of it together. */
const SAME_THROTTLE_MS = 500;
const SLOW_DOWN = 0.5;
/** Each success gives this part of the full rate back: the whole of it in about 50 calls. */
const RECOVER = 0.02;
const KEYS_KEPT = 10_000;

/**
 * One token bucket per key (account, region and API), shared by all connectors of a process. A throttle halves the rate and
 * empties the bucket (additive increase, multiplicative decrease), so that the calls which follow learn from the one refused.
 */
export class AdaptiveLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: PaceClock,
    private readonly pace: Pace,
  ) {}

  /**
   * Waits until a call under this key may go. An abort ends the wait with CANCELLED; a turn that is further away than `limitMs`
   * is not waited for and ends with REMOTE_THROTTLED.
   */
  async acquire(key: string, signal: AbortSignal, limitMs = Infinity): Promise<void> {
    const bucket = this.refill(key);
    bucket.tokens -= 1;
    const waitMs = Math.ceil(Math.max((-bucket.tokens / bucket.rate) * 1_000, bucket.at - this.clock.now()));
    if (waitMs <= 0) return;
    try {
      if (waitMs > limitMs) throw throttledBefore(key, waitMs);
      await this.clock.sleep(waitMs, signal);
    } catch (error) {
      bucket.tokens += 1;
      throw error;
    }
  }

  succeeded(key: string): void {
    const bucket = this.buckets.get(key);
    if (bucket !== undefined)
      bucket.rate = Math.min(this.pace.perSecond, bucket.rate + this.pace.perSecond * RECOVER);
  }

  /** The remote refused a call for being one too many; `silenceMs` is how long it asked us to keep away. */
  throttled(key: string, silenceMs = 0): void {
    const bucket = this.refill(key);
    const now = this.clock.now();
    bucket.at = Math.max(bucket.at, now + silenceMs);
    if (now - bucket.slowedAt < SAME_THROTTLE_MS) return;
    bucket.slowedAt = now;
    bucket.rate = Math.max(this.pace.floorPerSecond, bucket.rate * SLOW_DOWN);
    bucket.tokens = Math.min(0, bucket.tokens);
  }

  /** Calls a second that a key may make now. */
  rateOf(key: string): number {
    return this.buckets.get(key)?.rate ?? this.pace.perSecond;
  }

  private refill(key: string): Bucket {
    const now = this.clock.now();
    const known = this.buckets.get(key);
    if (known === undefined) {
      this.forgetOldest();
      const fresh = { rate: this.pace.perSecond, tokens: this.pace.burst, at: now, slowedAt: -Infinity };
      this.buckets.set(key, fresh);
      return fresh;
    }
    if (now > known.at) {
      known.tokens = Math.min(this.pace.burst, known.tokens + ((now - known.at) / 1_000) * known.rate);
      known.at = now;
    }
    return known;
  }

  private forgetOldest(): void {
    const oldest = this.buckets.keys().next();
    if (this.buckets.size >= KEYS_KEPT && oldest.done !== true) this.buckets.delete(oldest.value);
  }
}

function throttledBefore(key: string, waitMs: number): HygieneError {
  return new HygieneError(
    'REMOTE_THROTTLED',
    `Calls to ${key} were throttled and pause for another ${Math.ceil(waitMs / 1_000)} s. Try again then.`,
    { retryAfterMs: waitMs },
  );
}
