import { HygieneError } from '#core';

/** Deliveries a second that one webhook may go on with, and how many may come at once, in one process. */
const PER_SECOND = 500;
const AT_ONCE = 1_000;
const MOST_WEBHOOKS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * A bucket of tokens per webhook, in the memory of this process: several processes take several times as much. It keeps one noisy sender from
 * taking the database from the others; that a burst is one scan does not depend on it. Only authentic deliveries take tokens, so that
 * nobody else can shut a sender out.
 */
export class DeliveryRate {
  private readonly buckets = new Map<string, Bucket>();

  /** @throws HygieneError RATE_LIMITED that says when to try again */
  take(webhookId: string, now: Date): void {
    const at = now.getTime();
    const bucket = this.buckets.get(webhookId) ?? this.added(webhookId, at);
    const refilled = bucket.tokens + ((at - bucket.at) / 1_000) * PER_SECOND;
    bucket.tokens = Math.min(AT_ONCE, Math.max(bucket.tokens, refilled));
    bucket.at = Math.max(bucket.at, at);
    if (bucket.tokens < 1) throw tooMany();
    bucket.tokens -= 1;
  }

  private added(webhookId: string, at: number): Bucket {
    if (this.buckets.size >= MOST_WEBHOOKS) this.buckets.clear();
    const bucket = { tokens: AT_ONCE, at };
    this.buckets.set(webhookId, bucket);
    return bucket;
  }
}

function tooMany(): HygieneError {
  return new HygieneError(
    'RATE_LIMITED',
    `This webhook takes ${PER_SECOND} deliveries a second; send the rest a second later.`,
    { retryAfterMs: 1_000 },
  );
}
