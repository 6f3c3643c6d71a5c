import { type IQueueBackend, Queue } from 'bullmq';
import { HygieneError, type Logger } from '#core';
import type { QueueStore } from '../queue-store.js';
import { bareError } from '../store-down.js';
import { within } from '../within.js';
import type { JobKind } from './payload.js';
import { MAX_ATTEMPTS } from './retry.js';

/** Callers are promised an answer within 2 s. */
export const ANSWER_WITHIN_MS = 1_800;
const KEPT_FAILURES = { age: 7 * 24 * 3600, count: 500 } as const;

/** The producers' side of one kind of job. */
export class JobQueue {
  private readonly queue: Queue<unknown, void, string, unknown, void, string, IQueueBackend, unknown>;

  constructor(
    private readonly kind: JobKind,
    private readonly store: QueueStore,
    logger: Logger,
  ) {
    const options = {
      connection: store.producer,
      defaultJobOptions: {
        attempts: MAX_ATTEMPTS,
        backoff: { type: 'by-category' },
        removeOnComplete: true,
        removeOnFail: KEPT_FAILURES,
        // Stacks are logged where they happen.
        stackTraceLimit: 0,
      },
      streams: { events: { maxLen: 100 } },
    };
    this.queue = new Queue(kind.queue, options, store.backendFactory);
    this.queue.on('error', (error) => {
      if (store.isOutage(error)) return;
      logger.warn({ err: bareError(error), queue: kind.queue }, 'the queue met a problem');
    });
  }

  async ready(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  /** @throws HygieneError DEPENDENCY_DOWN within 2 s when the store does not take the job; INPUT_INVALID for what is no id */
  async enqueue(id: string): Promise<void> {
    const payload = this.payload(id);
    const added = this.queue.add(this.kind.name, payload, { deduplication: { id, keepLastIfActive: true } });
    try {
      await within(ANSWER_WITHIN_MS, added, () => new Error(`no answer within ${ANSWER_WITHIN_MS} ms`));
    } catch (error) {
      throw this.store.explain(error);
    }
  }

  /** Drops every job, the running ones too. */
  async empty(): Promise<void> {
    await this.queue.obliterate({ force: true });
  }

  async close(): Promise<void> {
    await this.queue.close();
  }

  private payload(id: string): unknown {
    try {
      return this.kind.payload(id);
    } catch (cause) {
      throw new HygieneError(
        'INPUT_INVALID',
        `This is no id of a ${this.kind.name} job: ${JSON.stringify(id.slice(0, 50))}.`,
        { cause },
      );
    }
  }
}
