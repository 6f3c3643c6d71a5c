import type { BackendFactory, IQueueBackend } from 'bullmq';
import type { HygieneError } from '#core';

/** Where jobs are kept, as BullMQ takes it. The connections belong to the store and outlive BullMQ's objects. */
export interface QueueStore {
  /** Handed to each queue and worker: BullMQ's default is one for the whole process. */
  readonly backendFactory: BackendFactory<IQueueBackend, unknown>;
  /** Fails fast: nothing waits for a store that is gone. */
  readonly producer: unknown;
  /** Waits for a store that is gone, as workers do. */
  readonly consumer: unknown;
  ping(): Promise<void>;
  /** Is the store away, which it says itself once, rather than something wrong with a job? */
  isOutage(error: unknown): boolean;
  /** The error for a caller; carries nothing that a log must not hold. */
  explain(cause: unknown): HygieneError;
  close(): Promise<void>;
}
