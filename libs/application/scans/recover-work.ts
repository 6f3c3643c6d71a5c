import type { Clock, ReportQueue, ScanQueue } from '../ports/services.js';
import type { Database } from '../ports/stores.js';

/** A running scan whose worker gave no sign for this long is taken over: thirty missed heartbeats. */
const STALE_AFTER_MS = 30_000;
/** A scan that took down its worker this often is not tried again. */
const MAX_ATTEMPTS = 3;

/** Rebuilds the queue from the database: the truth is there, jobs may be lost at any time. Also ends suppressions whose time is over. */
export class RecoverWork {
  constructor(
    private readonly deps: {
      database: Database;
      scanQueue: ScanQueue;
      reportQueue: ReportQueue;
      clock: Clock;
    },
  ) {}

  /** @param staleAfterMs 0 at the start of the only worker: whatever runs was left by a process that is gone */
  async execute(staleAfterMs = STALE_AFTER_MS): Promise<void> {
    const { database, scanQueue, reportQueue, clock } = this.deps;
    const { scans, reports, findings, targets } = database.stores;
    for (const targetId of await scans.recover(staleAfterMs, MAX_ATTEMPTS)) await scanQueue.enqueue(targetId);
    for (const reportId of await reports.unfinished()) await reportQueue.enqueue(reportId);
    for (const targetId of await findings.expireSuppressions(clock.now()))
      await targets.refreshScore(targetId);
  }
}
