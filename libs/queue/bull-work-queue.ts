import type { LaneQueue } from '#application';
import { HygieneError, type Logger } from '#core';
import { ANSWER_WITHIN_MS, JobQueue } from './jobs/job-queue.js';
import { JobWorker } from './jobs/job-worker.js';
import {
  DELIVERY_JOB,
  type JobKind,
  LANE_JOB,
  laneId,
  laneRef,
  REPORT_JOB,
  SCAN_JOB,
} from './jobs/payload.js';
import type { QueueStore } from './queue-store.js';
import type { QueueTuning } from './queue-tuning.js';
import { within } from './within.js';
import type { WorkerHandlers, WorkQueue } from './work-queue.js';

const READY_WITHIN_MS = 10_000;
const CLOSE_GRACE_MS = 2_000;
/** Channels that are sent to at the same time. They wait for others most of the time. */
const DELIVERIES_AT_ONCE = 8;

/** Four BullMQ queues on one store. */
export class BullWorkQueue implements WorkQueue {
  readonly scans: JobQueue;
  readonly lanes: LaneQueue;
  readonly reports: JobQueue;
  readonly deliveries: JobQueue;
  private readonly queues: readonly JobQueue[];
  private readonly draining = new AbortController();
  private readonly workers: JobWorker[] = [];
  private drained = false;
  private closed: Promise<void> | null = null;

  private constructor(
    private readonly store: QueueStore,
    private readonly logger: Logger,
    private readonly tuning: QueueTuning,
  ) {
    this.scans = new JobQueue(SCAN_JOB, store, logger);
    const lanes = new JobQueue(LANE_JOB, store, logger);
    this.lanes = { enqueue: (lane) => lanes.enqueue(laneId(lane)) };
    this.reports = new JobQueue(REPORT_JOB, store, logger);
    this.deliveries = new JobQueue(DELIVERY_JOB, store, logger);
    this.queues = [this.scans, lanes, this.reports, this.deliveries];
  }

  /** @param empty drops every job, the running ones too: only for a queue that no other process uses */
  static async open(
    store: QueueStore,
    logger: Logger,
    tuning: QueueTuning,
    empty = false,
  ): Promise<WorkQueue> {
    const queue = new BullWorkQueue(store, logger, tuning);
    await queue.ready(() => Promise.all(queue.queues.map((jobs) => jobs.ready())));
    if (empty) await queue.ready(() => Promise.all(queue.queues.map((jobs) => jobs.empty())));
    return queue;
  }

  async startWorkers(handlers: WorkerHandlers): Promise<void> {
    if (this.workers.length > 0 || this.draining.signal.aborted) {
      throw new HygieneError('INTERNAL', 'The workers of a queue are started once, before it drains.');
    }
    this.workers.push(
      this.worker(SCAN_JOB, handlers.concurrency, (id, signal) => handlers.scan(id, signal)),
      this.worker(LANE_JOB, handlers.concurrency, (id, signal) => handlers.lane(laneRef(id), signal)),
      this.worker(REPORT_JOB, 1, (id, signal) => handlers.report(id, signal)),
      this.worker(DELIVERY_JOB, DELIVERIES_AT_ONCE, (id, signal) => handlers.delivery(id, signal)),
    );
    await this.ready(() => Promise.all(this.workers.map((worker) => worker.waitUntilReady())));
  }

  async drain(timeoutMs: number): Promise<void> {
    this.draining.abort(new HygieneError('CANCELLED', 'This worker stops; the job goes back to the queue.'));
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    try {
      await within(timeoutMs, closing, () => new Error('still running'));
    } catch {
      this.logger.warn(
        { timeoutMs },
        'jobs still run while their worker stops; other workers take them over',
      );
      await Promise.all(this.workers.map((worker) => worker.abandon()));
    }
    this.drained = true;
  }

  async ping(): Promise<void> {
    try {
      await within(
        ANSWER_WITHIN_MS,
        this.store.ping(),
        () => new Error(`no answer within ${ANSWER_WITHIN_MS} ms`),
      );
    } catch (error) {
      throw this.store.explain(error);
    }
  }

  close(): Promise<void> {
    this.closed ??= this.shut();
    return this.closed;
  }

  private async shut(): Promise<void> {
    if (!this.drained) await this.drain(CLOSE_GRACE_MS);
    await Promise.all(this.queues.map((jobs) => jobs.close()));
    await this.store.close();
  }

  private worker(
    kind: JobKind,
    concurrency: number,
    run: (id: string, signal: AbortSignal) => Promise<void>,
  ): JobWorker {
    const { logger, tuning, draining, store } = this;
    return new JobWorker({
      kind,
      run,
      draining: draining.signal,
      concurrency,
      logger,
      ...tuning,
      store,
    });
  }

  private async ready(work: () => Promise<unknown>): Promise<void> {
    try {
      await within(READY_WITHIN_MS, work(), () => new Error(`not ready within ${READY_WITHIN_MS} ms`));
    } catch (error) {
      await this.close();
      throw this.store.explain(error);
    }
  }
}
