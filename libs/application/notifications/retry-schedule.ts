const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses that Standard Webhooks recommends: the last of ten attempts comes after about 76 hours. */
const PAUSES: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** Up to a tenth longer by chance, so that what failed together does not come back together. */
const JITTER = 0.1;

export const MOST_ATTEMPTS = PAUSES.length + 1;

/**
 * Milliseconds until the next attempt, never sooner than the other side asked for; null: that was the last.
 * @param attempt 1 for the first
 * @param random 0 (included) to 1
 */
export function pauseAfter(attempt: number, retryAfterMs: number | null, random: number): number | null {
  const pause = PAUSES[attempt - 1];
  if (pause === undefined) return null;
  return Math.ceil(Math.max(pause, retryAfterMs ?? 0) * (1 + JITTER * random));
}
