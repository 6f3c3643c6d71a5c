import type { BackOffLimits } from './back-off.js';

/** Attempts in all, and the waits between them. */
export interface Attempts {
  readonly throttled: number;
  readonly faulty: number;
  readonly backOff: BackOffLimits;
  /** The longest wait for a turn while the remote wants silence, or other calls have the turns: milliseconds. */
  readonly turnMs: number;
}

/** A scan may wait: the limiter slows the calls behind it as well. */
export const PATIENT: Attempts = {
  throttled: 8,
  faulty: 3,
  backOff: { baseMs: 200, capMs: 20_000 },
  turnMs: 60_000,
};
/** A person waits for the answer. */
export const PROMPT: Attempts = {
  throttled: 2,
  faulty: 1,
  backOff: { baseMs: 100, capMs: 500 },
  turnMs: 1_000,
};
