import pg from 'pg';
import type { OutageLog } from '../outage-log.js';
import { bareError } from '../store-down.js';
import { isOutage } from './outage.js';

export const QUEUE_SCHEMA = 'bullmq';

/** Three workers hold a connection each to be woken; the others claim, finish and add. */
const MAX_CONNECTIONS = 7;
const CONNECT_TIMEOUT_MS = 5_000;
/** Statements of the queue take milliseconds; one that takes this long never returns. */
const QUERY_TIMEOUT_MS = 15_000;

/**
 * A pool as BullMQ takes it. Its connections look into the schema of the queue, a lost one never ends the process, and an outage looks
 * to BullMQ like one: it knows ECONNREFUSED alone and pauses then, while any other error makes a worker's loop spin.
 */
export class QueuePool {
  private readonly pool: pg.Pool;
  private ended: Promise<void> | null = null;

  constructor(
    config: pg.PoolConfig,
    private readonly outages: OutageLog,
  ) {
    this.pool = new pg.Pool({
      application_name: 'tagward-queue',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      ...config,
      query_timeout: QUERY_TIMEOUT_MS,
      max: MAX_CONNECTIONS,
      // pg-pool awaits what the hook returns, which its types do not say.
      onConnect: (client) =>
        client.query(`set search_path = ${QUEUE_SCHEMA}; set jit = off`) as unknown as void,
    });
    // A pool that is closed lets its connections go before the server has heard of it.
    const lost = (error: Error): void => {
      if (this.ended === null) this.outages.down(error);
    };
    this.pool.on('error', lost);
    // pg-pool listens to idle clients only.
    this.pool.on('connect', (client) => client.on('error', lost));
  }

  get options(): pg.PoolOptions {
    return this.pool.options;
  }

  async query(text: string, parameters?: readonly unknown[]): Promise<pg.QueryResult> {
    return this.watch(this.pool.query(text, parameters === undefined ? undefined : [...parameters]));
  }

  async connect(): Promise<pg.PoolClient> {
    return this.watch(this.pool.connect());
  }

  /** BullMQ's listeners only pass errors on, which are noted here already. */
  on(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }

  end(): Promise<void> {
    this.ended ??= this.pool.end();
    return this.ended;
  }

  private async watch<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.outages.up();
      return result;
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (this.ended === null) this.outages.down(error);
      throw Object.assign(bareError(error), { code: 'ECONNREFUSED' });
    }
  }
}
