import { HygieneError } from '#core';
import { pauseBeforeRetry } from './retry.js';

/** What the store keeps of a failed job: the code and message of a HygieneError, and of anything else only its kind. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';

  constructor(
    message: string,
    /** Milliseconds; null when the job is not tried again. */
    readonly retryInMs: number | null,
    options: { readonly cause: unknown },
  ) {
    super(message, options);
  }

  /** @param attempt 1 for the first try */
  static of(error: unknown, attempt: number, firstRetryMs: number): JobFailure {
    const known = error instanceof HygieneError ? error : null;
    const retryInMs = pauseBeforeRetry({
      category: known?.category ?? 'invariant',
      retryAfterMs: known?.retryAfterMs ?? null,
      attempt,
      firstRetryMs,
      random: Math.random(),
    });
    const kind = error instanceof Error ? error.name : typeof error;
    const message = known === null ? `INTERNAL: ${kind}` : `${known.code}: ${known.message}`;
    return new JobFailure(message, retryInMs, { cause: error });
  }
}
