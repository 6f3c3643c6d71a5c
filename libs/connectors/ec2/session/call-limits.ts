import { AdaptiveLimiter, paceClock, type BackOffLimits } from '#connector-kit';

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html: non-mutating actions, 100 at once and 20 a second. */
const PACE = { perSecond: 20, burst: 100, floorPerSecond: 0.5 };

/** Attempts in all, and the waits between them. */
export interface Attempts {
  readonly throttled: number;
  readonly faulty: number;
  readonly backOff: BackOffLimits;
  /** The longest wait for a turn that other calls left: milliseconds. */
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

const limiters = new WeakMap<() => number, AdaptiveLimiter>();

/** The limiter of the process: connectors that share a clock share it, so that two targets on one account pace each other. */
export function sharedLimiter(now: () => number): AdaptiveLimiter {
  const known = limiters.get(now);
  if (known !== undefined) return known;
  const limiter = new AdaptiveLimiter(paceClock(now), PACE);
  limiters.set(now, limiter);
  return limiter;
}
