import { type Job, WaitingError } from 'bullmq';
import type { Logger } from '#core';
import { JobFailure } from './job-failure.js';
import type { JobKind } from './payload.js';

export interface JobRunnerDependencies {
  readonly kind: JobKind;
  readonly run: (id: string, signal: AbortSignal) => Promise<void>;
  /** Aborts when this process stops. */
  readonly draining: AbortSignal;
  readonly firstRetryMs: number;
  readonly logger: Logger;
}

/** What a worker does with a job: check what it carries, hand the id to its handler, say what a failure means. */
export class JobRunner {
  constructor(private readonly deps: JobRunnerDependencies) {}

  /** @throws JobFailure; WaitingError when the job went back to the queue */
  async process(job: Job<unknown>, token: string | undefined, lost: AbortSignal | undefined): Promise<void> {
    const { kind, draining, logger, firstRetryMs } = this.deps;
    const id = kind.id(job.data);
    if (id === null) {
      logger.warn(
        { queue: kind.queue, jobId: job.id },
        'a job whose payload is not of this version was dropped',
      );
      return;
    }
    if (draining.aborted) return giveBack(job, token);
    try {
      await this.deps.run(id, lost === undefined ? draining : AbortSignal.any([draining, lost]));
    } catch (error) {
      if (draining.aborted) return giveBack(job, token);
      const failure = JobFailure.of(error, job.attemptsMade + 1, firstRetryMs);
      const fields = {
        err: error,
        queue: kind.queue,
        id,
        attempt: job.attemptsMade + 1,
        retryInMs: failure.retryInMs,
      };
      if (failure.retryInMs === null) logger.error(fields, 'a job failed and is not tried again');
      else logger.warn(fields, 'a job failed and is tried again');
      throw failure;
    }
    // What was stopped half-way may have ended without a word; another look at what is done does no harm.
    if (draining.aborted) await giveBack(job, token);
  }
}

/** Another worker runs it from the start; it costs none of its tries. */
async function giveBack(job: Job<unknown>, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
