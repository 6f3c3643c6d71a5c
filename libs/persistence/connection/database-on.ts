import { Kysely, PostgresDialect } from 'kysely';
import type { Schema } from '../schema.js';
import { type ConnectionOptions, GuardedPool, type SessionLimits } from './guarded-pool.js';
import type { Db } from './transactions.js';

/** The typed query builder on a guarded pool of its own. */
export function databaseOn(options: ConnectionOptions, limits: SessionLimits): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: new GuardedPool(options, limits) }) });
}
