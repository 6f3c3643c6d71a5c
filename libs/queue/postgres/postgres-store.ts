import {
  createPostgresBackend,
  type PostgresConnectionOptions,
  type QueueBaseOptions,
  runMigrations,
} from 'bullmq';
import type pg from 'pg';
import { HygieneError, type Logger } from '#core';
import { OutageLog } from '../outage-log.js';
import type { QueueStore } from '../queue-store.js';
import { storeDown } from '../store-down.js';
import { isOutage } from './outage.js';
import { QUEUE_SCHEMA, QueuePool } from './queue-pool.js';

const MEND = 'check that the PostgreSQL of the service runs, accepts connections and is the primary.';

/**
 * The queue in the schema `bullmq` of the service's own PostgreSQL, on a small pool. Migrates under BullMQ's lock: processes that start together wait for each other.
 *
 * @throws HygieneError DEPENDENCY_DOWN
 */
export async function openPostgresStore(config: pg.PoolConfig, logger: Logger): Promise<QueueStore> {
  const pool = new QueuePool(config, new OutageLog(logger, 'PostgreSQL'));
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw explain(error);
  }
  return {
    backendFactory: (name, options, kind) =>
      createPostgresBackend(name, options as QueueBaseOptions<PostgresConnectionOptions>, kind),
    producer: pool,
    consumer: pool,
    explain,
    isOutage,
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

async function migrate(pool: QueuePool): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    broken = false;
  } finally {
    client.release(broken);
  }
}

function explain(cause: unknown): HygieneError {
  return storeDown('PostgreSQL', MEND, cause);
}
