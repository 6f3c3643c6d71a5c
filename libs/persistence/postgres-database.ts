import { sql } from 'kysely';
import type { Database, ReadModels, ScanSession, ScanSessionRequest, Stores } from '#application';
import { databaseOn } from './connection/database-on.js';
import type { ConnectionOptions } from './connection/guarded-pool.js';
import { allowLongReading, LOCK_TIMEOUT_MS, READ_TIMEOUT_MS } from './connection/statement-limits.js';
import { type Db, inTransaction } from './connection/transactions.js';
import { migrateToLatest } from './migrate.js';
import { PostgresReadModels } from './read-models/postgres-read-models.js';
import { openSession } from './scan-session/open-session.js';
import { PostgresScanSignals } from './signals/postgres-scan-signals.js';
import { storesOn } from './stores/stores.js';

/** Tagward's tables in one PostgreSQL (14 or newer), in the schema `tagward`. */
export class PostgresDatabase implements Database {
  readonly stores: Stores;
  readonly readModels: ReadModels;
  readonly signals: PostgresScanSignals;
  private readonly db: Db;

  constructor(private readonly options: ConnectionOptions) {
    this.db = databaseOn(options, { statementTimeoutMs: READ_TIMEOUT_MS, lockTimeoutMs: LOCK_TIMEOUT_MS });
    this.stores = storesOn(this.db);
    this.readModels = new PostgresReadModels(this.db);
    this.signals = new PostgresScanSignals(this.db, options);
  }

  /** @returns names of the migrations that ran @see migrateToLatest */
  async migrate(): Promise<readonly string[]> {
    return migrateToLatest(this.options);
  }

  async transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (db) => work(storesOn(db)));
  }

  async snapshot<T>(work: (readModels: ReadModels) => Promise<T>): Promise<T> {
    return this.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (db) => {
        await allowLongReading(db);
        return work(new PostgresReadModels(db));
      });
  }

  async openScanSession(scan: ScanSessionRequest): Promise<ScanSession> {
    return openSession(this.db, scan);
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db);
  }

  /** Waits for queries that run and closes the connections. Closing twice is harmless. */
  async close(): Promise<void> {
    this.signals.close();
    await this.db.destroy();
  }
}
