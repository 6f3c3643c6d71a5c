import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from '../streams/cancellation.js';

/** Time for back-off and pacing: milliseconds since the epoch, and a wait that an abort ends with CANCELLED. */
export interface PaceClock {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Real waiting on the given reading of the time. */
export function paceClock(now: () => number): PaceClock {
  return {
    now,
    sleep: async (ms, signal) => {
      if (signal.aborted) throw cancelled();
      try {
        await sleep(ms, undefined, { signal });
      } catch {
        throw cancelled();
      }
    },
  };
}
