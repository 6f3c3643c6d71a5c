import type { MakeReport, RecoverWork, ScanLane, ScanTarget } from '#application';
import type { Logger } from '#core';
import type { WorkQueue } from '#queue';

const RECOVERY_EVERY_MS = 10_000;
const DRAIN_TIMEOUT_MS = 20_000;

export interface WorkerDependencies {
  readonly queue: WorkQueue;
  readonly scanTarget: ScanTarget;
  readonly scanLane: ScanLane;
  readonly makeReport: MakeReport;
  readonly recoverWork: RecoverWork;
  readonly logger: Logger;
  /** Scans at the same time, and as many lanes of scans. */
  readonly concurrency: number;
}

/** Runs jobs: each is handed to one use case. Also keeps the queue whole by looking for work that has no job. */
export class Worker {
  private readonly draining = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private recovering: Promise<void> = Promise.resolve();

  constructor(private readonly deps: WorkerDependencies) {}

  /** @param alone no other worker shares the database: scans that still run were left by a process that is gone */
  async start(alone: boolean): Promise<void> {
    const { queue, scanTarget, scanLane, makeReport, recoverWork, concurrency } = this.deps;
    // Before the first job starts: a scan that this worker has just claimed must not look abandoned.
    await recoverWork.execute(alone ? 0 : undefined);
    await queue.startWorkers({
      concurrency,
      scan: (targetId, signal) =>
        scanTarget.execute(targetId, AbortSignal.any([signal, this.draining.signal])),
      lane: (lane, signal) => scanLane.execute(lane, AbortSignal.any([signal, this.draining.signal])),
      report: (reportId) => makeReport.execute(reportId),
    });
    this.timer = setInterval(() => {
      this.recovering = this.recovering.then(() => this.recover());
    }, RECOVERY_EVERY_MS);
  }

  /** Takes no new job, gives running scans back and waits for the rest. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.draining.abort(new Error('the worker stops'));
    await this.recovering;
    await this.deps.queue.drain(DRAIN_TIMEOUT_MS);
  }

  private async recover(): Promise<void> {
    try {
      await this.deps.recoverWork.execute();
    } catch (error) {
      this.deps.logger.warn({ err: error }, 'looking for work without a job failed; it is tried again');
    }
  }
}
