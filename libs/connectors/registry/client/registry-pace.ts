import { AdaptiveLimiter, paceClock, type PaceClock } from '#connector-kit';
import { REQUESTS_AT_ONCE } from './limits.js';
import { OriginGate } from './origin-gate.js';

/** No registry publishes a rate that anonymous readers may count on: nearly unbound until one throttles. */
const PACE = { perSecond: 4_000, burst: 1_000, floorPerSecond: 0.5 };
const GATES_KEPT = 10_000;

/** What all targets of a process share towards one registry: how many requests at once, how many a second. */
export class RegistryPace {
  readonly clock: PaceClock;
  readonly limiter: AdaptiveLimiter;
  private readonly gates = new Map<string, OriginGate>();

  constructor(now: () => number) {
    this.clock = paceClock(now);
    this.limiter = new AdaptiveLimiter(this.clock, PACE);
  }

  gate(origin: string): OriginGate {
    const known = this.gates.get(origin);
    if (known !== undefined) return known;
    const oldest = this.gates.keys().next();
    if (this.gates.size >= GATES_KEPT && oldest.done !== true) this.gates.delete(oldest.value);
    const gate = new OriginGate(REQUESTS_AT_ONCE);
    this.gates.set(origin, gate);
    return gate;
  }
}

const paces = new WeakMap<() => number, RegistryPace>();

/** Connectors that share a clock share the pace: those of one process, or those of one test. */
export function sharedPace(now: () => number): RegistryPace {
  const known = paces.get(now);
  if (known !== undefined) return known;
  const pace = new RegistryPace(now);
  paces.set(now, pace);
  return pace;
}
