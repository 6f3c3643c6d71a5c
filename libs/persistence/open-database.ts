import { sql } from 'kysely';
import { HygieneError } from '#core';
import { databaseOn } from './connection/database-on.js';
import type { ConnectionOptions } from './connection/guarded-pool.js';
import { LOCK_TIMEOUT_MS, READ_TIMEOUT_MS } from './connection/statement-limits.js';
import { PostgresDatabase } from './postgres-database.js';

const OLDEST_MAJOR = 14;

/**
 * Connects, and makes sure that Tagward can live there. Does not migrate: call `migrate` once per start.
 *
 * @throws HygieneError DEPENDENCY_DOWN when PostgreSQL does not answer, OPERATION_UNSUPPORTED when it is older than 14 or not UTF-8
 */
export async function openDatabase(options: ConnectionOptions): Promise<PostgresDatabase> {
  await checkServer(options);
  return new PostgresDatabase(options);
}

async function checkServer(options: ConnectionOptions): Promise<void> {
  const limits = { statementTimeoutMs: READ_TIMEOUT_MS, lockTimeoutMs: LOCK_TIMEOUT_MS };
  const db = databaseOn({ ...options, maxConnections: 1 }, limits);
  try {
    const { rows } = await sql<{ version: string; encoding: string }>`
      select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding
    `.execute(db);
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    const encoding = rows[0]?.encoding ?? 'unknown';
    if (major < OLDEST_MAJOR)
      throw unsupported(`The server is PostgreSQL ${major}; Tagward needs ${OLDEST_MAJOR} or newer.`);
    if (encoding !== 'UTF8') {
      throw unsupported(
        `The database is encoded in ${encoding}; make one with ENCODING 'UTF8' TEMPLATE template0.`,
      );
    }
  } finally {
    await db.destroy();
  }
}

function unsupported(message: string): HygieneError {
  return new HygieneError('OPERATION_UNSUPPORTED', message);
}
