import type pg from 'pg';
import type { Logger } from '#core';
import { BullWorkQueue } from './bull-work-queue.js';
import { openPostgresStore } from './postgres/postgres-store.js';
import { QUEUE_TUNING, type QueueTuning } from './queue-tuning.js';
import { openRedisStore } from './redis/redis-store.js';
import type { WorkQueue } from './work-queue.js';

export type QueueOptions =
  | { readonly redisUrl: string }
  | {
      readonly postgres: pg.PoolConfig;
      /**
       * No other process uses this queue: jobs that run were left by one that was killed, and would keep new requests for their targets waiting until their
       * locks expire. The queue is emptied; `RecoverWork` fills it again from the database.
       */
      readonly alone?: boolean;
    };

/**
 * Opens the queue in the store that `options` names, with BullMQ's tables made or brought up to date.
 *
 * @throws HygieneError DEPENDENCY_DOWN when the store does not answer; OPERATION_UNSUPPORTED when it is too old or would drop jobs
 */
export async function openQueue(
  options: QueueOptions,
  logger: Logger,
  tuning: Partial<QueueTuning> = {},
): Promise<WorkQueue> {
  const times = { ...QUEUE_TUNING, ...tuning };
  if ('redisUrl' in options) {
    return BullWorkQueue.open(await openRedisStore(options.redisUrl, logger), logger, times);
  }
  const store = await openPostgresStore(options.postgres, logger);
  return BullWorkQueue.open(store, logger, times, options.alone === true);
}
