import type { Deliver, MakeReport, RecoverWork, RunSchedules, ScanLane, ScanTarget } from '#application';
import type { Logger } from '#core';
import type { WorkQueue } from '#queue';
import { Chore } from './chore.js';

const RECOVERY_EVERY_MS = 10_000;
/** A schedule runs this much late at most. */
const SCHEDULES_EVERY_MS = 5_000;
const DRAIN_TIMEOUT_MS = 20_000;

export interface WorkerDependencies {
  readonly queue: WorkQueue;
  readonly scanTarget: ScanTarget;
  readonly scanLane: ScanLane;
  readonly makeReport: MakeReport;
  readonly deliver: Deliver;
  readonly recoverWork: RecoverWork;
  readonly runSchedules: RunSchedules;
  readonly logger: Logger;
  /** Scans at the same time, and as many lanes of scans. */
  readonly concurrency: number;
}

/** Runs jobs: each is handed to one use case. Also keeps the queue whole by looking for work that has no job. */
export class Worker {
  private readonly draining = new AbortController();
  private readonly recovering: Chore;
  private readonly schedules: Chore;

  constructor(private readonly deps: WorkerDependencies) {
    const { recoverWork, runSchedules, logger } = deps;
    this.recovering = new Chore('looking for work without a job', () => recoverWork.execute(), logger);
    this.schedules = new Chore('running schedules', () => runSchedules.execute(), logger);
  }

  /** @param alone no other worker shares the database: scans that still run were left by a process that is gone */
  async start(alone: boolean): Promise<void> {
    const { queue, scanTarget, scanLane, makeReport, deliver, recoverWork, concurrency } = this.deps;
    // Before the first job starts: a scan that this worker has just claimed must not look abandoned.
    await recoverWork.execute(alone ? 0 : undefined);
    await queue.startWorkers({
      concurrency,
      scan: (targetId, signal) =>
        scanTarget.execute(targetId, AbortSignal.any([signal, this.draining.signal])),
      lane: (lane, signal) => scanLane.execute(lane, AbortSignal.any([signal, this.draining.signal])),
      report: (reportId) => makeReport.execute(reportId),
      delivery: (channelId, signal) =>
        deliver.execute(channelId, AbortSignal.any([signal, this.draining.signal])),
    });
    this.recovering.start(RECOVERY_EVERY_MS);
    this.schedules.start(SCHEDULES_EVERY_MS);
  }

  /** Takes no new job, gives running scans back and waits for the rest. */
  async stop(): Promise<void> {
    this.draining.abort(new Error('the worker stops'));
    await Promise.all([this.recovering.stop(), this.schedules.stop()]);
    await this.deps.queue.drain(DRAIN_TIMEOUT_MS);
  }
}
