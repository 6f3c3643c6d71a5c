export interface BackOffLimits {
  /** The most that the first wait takes, milliseconds. */
  readonly baseMs: number;
  /** The most that any computed wait takes, milliseconds. */
  readonly capMs: number;
}

/** No remote makes us wait less than this when it asked for a wait, nor more than `RETRY_AFTER_MAX_MS`. */
export const RETRY_AFTER_MIN_MS = 1_000;
export const RETRY_AFTER_MAX_MS = 15 * 60_000;

/**
 * Full-jitter exponential back-off (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter): milliseconds before
 * attempt `attempt + 1`, more than 0 and at most the cap. `random` gives a number in [0, 1).
 */
export function backOffMs(
  attempt: number,
  limits: BackOffLimits,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.max(1, Math.ceil(ceiling * (1 - random())));
}

/**
 * What a `Retry-After` (RFC 9110, 10.2.3: seconds, or a date) asks for, clamped to 1 s … 15 min; null when it is absent or nonsense.
 * A unix time in seconds, which some registries send, is taken as a date.
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) {
    const seconds = Number(text);
    return clamp(seconds > 1_000_000_000 ? seconds * 1_000 - now : seconds * 1_000);
  }
  if (!/[a-z]{3}/i.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : clamp(date - now);
}

function clamp(ms: number): number {
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(RETRY_AFTER_MIN_MS, ms));
}
