import { createRedisBackend, type QueueBaseOptions } from 'bullmq';
import { Redis, type CommonRedisOptions } from 'ioredis';
import { HygieneError, type Logger } from '#core';
import { OutageLog } from '../outage-log.js';
import type { QueueStore } from '../queue-store.js';
import { storeDown } from '../store-down.js';
import { within } from '../within.js';
import { checkRedis } from './check-redis.js';

const MEND =
  'check that REDIS_URL names a Redis that runs, its user and password, and rediss:// when it wants TLS.';
const CONNECT_TIMEOUT_MS = 5_000;
const QUIT_TIMEOUT_MS = 1_000;
const LONGEST_RECONNECT_PAUSE_MS = 2_000;

/**
 * The queue in the Redis that `url` (redis:// or rediss://) names.
 *
 * @throws HygieneError DEPENDENCY_DOWN when it does not answer; OPERATION_UNSUPPORTED when it is too old or would drop jobs
 */
export async function openRedisStore(url: string, logger: Logger): Promise<QueueStore> {
  const outages = new OutageLog(logger, 'Redis');
  // Whoever adds a job wants to know now; a worker waits until Redis is back.
  const producer = client(url, outages, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 5_000,
  });
  const consumer = client(url, outages, { maxRetriesPerRequest: null });
  try {
    await Promise.all([connect(producer), connect(consumer)]);
    checkRedis(await producer.info(), logger);
  } catch (error) {
    producer.disconnect();
    consumer.disconnect();
    throw explain(error);
  }
  return {
    backendFactory: (name, options, kind) => createRedisBackend(name, options as QueueBaseOptions, kind),
    producer,
    consumer,
    explain,
    isOutage,
    ping: async () => {
      await producer.ping();
    },
    close: async () => {
      await Promise.all([quit(producer), quit(consumer)]);
    },
  };
}

type OutageBehaviour = Pick<
  CommonRedisOptions,
  'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout'
>;

function client(url: string, outages: OutageLog, options: OutageBehaviour): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionName: 'tagward-queue',
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_RECONNECT_PAUSE_MS),
    ...options,
  });
  redis.on('error', (error) => outages.down(error));
  redis.on('ready', () => outages.up());
  return redis;
}

/** ioredis' promise says only that the connection was closed; the reason is in an event. */
async function connect(redis: Redis): Promise<void> {
  let reason: unknown = null;
  const note = (error: unknown): void => {
    reason = error;
  };
  redis.on('error', note);
  try {
    await within(
      CONNECT_TIMEOUT_MS,
      redis.connect(),
      () => new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`),
    );
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.off('error', note);
  }
}

async function quit(redis: Redis): Promise<void> {
  try {
    await within(QUIT_TIMEOUT_MS, redis.quit(), () => new Error('no answer'));
  } catch {
    // It is gone already, or does not answer: there is nothing to say goodbye to.
    redis.disconnect();
  }
}

function explain(cause: unknown): HygieneError {
  return storeDown('Redis', MEND, cause);
}

/** What Node.js, ioredis and BullMQ say of a connection that is gone. */
const OUTAGE =
  /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|Connection is closed|Stream isn't writeable|Command timed out|Reached the max retries per request/;

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return OUTAGE.test(`${'code' in error ? String(error.code) : ''} ${error.message}`);
}
