import { AdaptiveLimiter, paceClock } from '#connector-kit';

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html: non-mutating actions, 100 at once and 20 a second. */
const PACE = { perSecond: 20, burst: 100, floorPerSecond: 0.5 };

const limiters = new WeakMap<() => number, AdaptiveLimiter>();

/** The limiter of the process: connectors that share a clock share it, so that two targets on one account pace each other. */
export function sharedLimiter(now: () => number): AdaptiveLimiter {
  const known = limiters.get(now);
  if (known !== undefined) return known;
  const limiter = new AdaptiveLimiter(paceClock(now), PACE);
  limiters.set(now, limiter);
  return limiter;
}
