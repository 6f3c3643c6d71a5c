import { type IQueueBackend, type JobProgress, Worker, type WorkerOptions } from 'bullmq';
import type { QueueStore } from '../queue-store.js';
import { bareError } from '../store-down.js';
import { JobFailure } from './job-failure.js';
import { JobRunner, type JobRunnerDependencies } from './job-runner.js';

/** A job that took its worker down is started once more, then given up. */
const MAX_STALLED = 1;
/** All starts of a job: its tries, and room for workers that stopped and gave it back. */
const MAX_STARTS = 16;
/** Seconds. Workers are woken; this bounds what a lost wake-up costs. */
const LONGEST_WAIT_S = 5;

export interface JobWorkerOptions extends JobRunnerDependencies {
  readonly store: QueueStore;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly lostJobCheckMs: number;
}

/** BullMQ's worker with our limits, which logs its errors and can be left behind while a job hangs. */
export class JobWorker extends Worker<unknown, void, string, IQueueBackend, JobProgress, unknown> {
  private abandoned = false;

  constructor(options: JobWorkerOptions) {
    const { kind, logger, store } = options;
    const runner = new JobRunner(options);
    super(
      kind.queue,
      (job, token, signal) => runner.process(job, token, signal),
      workerOptions(options),
      options.store.backendFactory,
    );
    this.on('error', (error) => {
      if (this.abandoned || store.isOutage(error)) return;
      logger.warn({ err: bareError(error), queue: kind.queue }, 'a queue worker met a problem');
    });
    this.on('stalled', (jobId) => {
      logger.warn({ queue: kind.queue, jobId }, 'a job was taken back from a worker that gave no sign');
    });
    this.on('failed', (job, error) => {
      if (error instanceof JobFailure) return;
      const fields = {
        queue: kind.queue,
        jobId: job?.id,
        starts: job?.attemptsStarted,
        reason: error.message,
      };
      logger.error(fields, 'a job was given up');
    });
    this.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds) this.cancelJob(jobId, 'another worker took the job over');
    });
  }

  /** Lets go of the store while jobs still run: their locks expire, and other workers take them. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    await this.lockManager.close();
    await this.backend.close(true);
  }
}

function workerOptions(options: JobWorkerOptions): WorkerOptions<unknown> {
  return {
    connection: options.store.consumer,
    concurrency: options.concurrency,
    lockDuration: options.lockMs,
    stalledInterval: options.lostJobCheckMs,
    maxStalledCount: MAX_STALLED,
    maxStartedAttempts: MAX_STARTS,
    drainDelay: LONGEST_WAIT_S,
    // Between tries to reach a store that is gone. Milliseconds.
    runRetryDelay: 1_000,
    settings: {
      // -1: not again.
      backoffStrategy: (_attempts, _type, error) =>
        error instanceof JobFailure ? (error.retryInMs ?? -1) : -1,
    },
  };
}
