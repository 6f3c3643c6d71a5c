import { setTimeout as delay } from 'node:timers/promises';
import { HygieneError, notFound } from '#core';
import type { Operations } from '../operations/operations.js';
import type { ScanSignals } from '../ports/scan-signals.js';
import type { Viewer } from '../records/access.js';
import { isFinished, type ScanRecord } from '../records/scan.js';
import { interruptible } from './interruptible.js';

const AT_MOST_EVERY_MS = 500;
const AFTER_OUTAGE_MS = 1_000;

/** Follows scans as they change, whichever process runs them. Every state is read through the operation `scan`: who may not read one sees none. */
export class WatchScan {
  constructor(
    private readonly deps: { readonly operations: Pick<Operations, 'run'>; readonly signals: ScanSignals },
    private readonly atMostEveryMs = AT_MOST_EVERY_MS,
  ) {}

  /**
   * The scan as it is now, then as it is after changes, at most twice a second; ends after the state in which the scan has ended. A slow
   * reader misses states, never the last one. An outage of the database is waited out once the first state was read.
   *
   * @throws HygieneError (from the first `next`) SCOPE_MISSING, INPUT_INVALID, NOT_FOUND when there is none, the viewer may not see it, or it is gone
   */
  updates(viewer: Viewer, id: string): AsyncGenerator<ScanRecord, void, void> {
    return interruptible((ended) => this.follow(viewer, id, ended));
  }

  /** The scan once it has ended, or as it was last seen when `limit` aborts. */
  async end(viewer: Viewer, scan: ScanRecord, limit: AbortSignal): Promise<ScanRecord> {
    let last = scan;
    if (isFinished(scan.status) || limit.aborted) return last;
    const updates = this.updates(viewer, scan.id);
    const stop = (): void => void updates.return();
    limit.addEventListener('abort', stop, { once: true });
    try {
      for await (const update of updates) last = update;
    } finally {
      limit.removeEventListener('abort', stop);
    }
    return last;
  }

  private async *follow(viewer: Viewer, id: string, ended: AbortSignal) {
    const { operations, signals } = this.deps;
    const bell = new Bell(ended);
    const unsubscribe = signals.onChange(id, () => bell.ring());
    let seen: string | null = null;
    try {
      while (!ended.aborted) {
        bell.mute();
        const readAt = performance.now();
        const scan = await operations.run('scan', viewer, { id }).catch((error: unknown) => {
          if (seen !== null && isOutage(error)) return 'outage' as const;
          throw error;
        });
        if (scan === null) throw notFound('scan', id);
        if (scan === 'outage') {
          await pause(AFTER_OUTAGE_MS, ended);
          continue;
        }
        const text = JSON.stringify(scan);
        if (text !== seen) yield scan;
        seen = text;
        if (isFinished(scan.status)) return;
        await bell.rung();
        await pause(readAt + this.atMostEveryMs - performance.now(), ended);
      }
    } finally {
      unsubscribe();
    }
  }
}

/** Remembers one ring until somebody asks. */
class Bell {
  private waiting = Promise.withResolvers<void>();

  constructor(ended: AbortSignal) {
    ended.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.waiting.resolve();
  }

  mute(): void {
    this.waiting = Promise.withResolvers<void>();
  }

  rung(): Promise<void> {
    return this.waiting.promise;
  }
}

async function pause(ms: number, ended: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal: ended }).catch(() => {});
}

function isOutage(error: unknown): boolean {
  return error instanceof HygieneError && error.category === 'unavailable';
}
