import type { ErrorCategory } from '#core';

/** `null`: trying again changes nothing. Otherwise how often a job is tried, the first time included. */
export const ATTEMPTS = {
  'invalid-input': null,
  unauthenticated: null,
  forbidden: null,
  'not-found': null,
  conflict: null,
  unsupported: null,
  'limit-exceeded': null,
  'remote-denied': null,
  'rate-limited': 8,
  unavailable: 8,
  // A defect, or a state nobody thought of: it may be gone, but hammering does not help.
  invariant: 3,
} as const satisfies Record<ErrorCategory, number | null>;

/** What BullMQ counts up to; the category decides earlier. */
export const MAX_ATTEMPTS = 8;

const LONGEST_PAUSE_MS = 5 * 60_000;
/** A remote that asks for more is asked again after this time all the same. */
const LONGEST_ASKED_PAUSE_MS = 60 * 60_000;
const JITTER = 0.25;

export interface FailedAttempt {
  readonly category: ErrorCategory;
  /** What the other side asked for. */
  readonly retryAfterMs: number | null;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly firstRetryMs: number;
  /** 0 (included) to 1. */
  readonly random: number;
}

/**
 * Milliseconds until the next try: doubled each time, never sooner than the other side asked for, and up to a quarter longer by chance, so that
 * jobs which failed together don't come back together. null: never.
 */
export function pauseBeforeRetry(failed: FailedAttempt): number | null {
  const attempts = ATTEMPTS[failed.category];
  if (attempts === null || failed.attempt >= attempts) return null;
  const doubled = Math.min(failed.firstRetryMs * 2 ** (failed.attempt - 1), LONGEST_PAUSE_MS);
  const asked = Math.min(failed.retryAfterMs ?? 0, LONGEST_ASKED_PAUSE_MS);
  return Math.ceil(Math.max(doubled, asked) * (1 + JITTER * failed.random));
}
