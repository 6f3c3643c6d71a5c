import { Migrator } from 'kysely/migration';
import { HygieneError } from '#core';
import { databaseOn } from './connection/database-on.js';
import type { ConnectionOptions } from './connection/guarded-pool.js';
import { translateError } from './connection/postgres-errors.js';
import { MIGRATIONS } from './migrations/catalog.js';

/**
 * Brings the schema `tagward` up to date, on a connection without time limits, under an advisory lock: processes that start together wait
 * for one. Does nothing when there is nothing to do.
 *
 * @returns names of the migrations that ran
 * @throws HygieneError VERSION_CONFLICT when a newer Tagward migrated the database, DEPENDENCY_DOWN
 */
export async function migrateToLatest(options: ConnectionOptions): Promise<readonly string[]> {
  const db = databaseOn({ ...options, maxConnections: 2 }, { statementTimeoutMs: 0, lockTimeoutMs: 0 });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
      migrationTableSchema: 'tagward',
      migrationTableName: 'migration',
      migrationLockTableName: 'migration_lock',
      nameComparator: (a, b) => (a < b ? -1 : Number(a > b)),
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw explain(error);
    return (results ?? []).map(({ migrationName }) => migrationName);
  } finally {
    await db.destroy();
  }
}

function explain(error: unknown): unknown {
  if (error instanceof Error && /corrupted migrations/.test(error.message)) {
    return new HygieneError(
      'VERSION_CONFLICT',
      'The database was migrated by another version of Tagward; start that version or a newer one, or restore a backup of the database.',
      { cause: error },
    );
  }
  return translateError(error);
}
