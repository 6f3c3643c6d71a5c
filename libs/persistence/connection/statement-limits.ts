import { sql } from 'kysely';
import type { Db } from './transactions.js';

/** Screens must not wait longer; scans and removals say so with `allowLongStatements`. */
export const READ_TIMEOUT_MS = 30_000;
export const LOCK_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 600_000;

/** For the rest of the transaction: statements whose work grows with the inventory may take ten minutes. */
export async function allowLongStatements(db: Db): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(WRITE_TIMEOUT_MS)}, true)`.execute(db);
}
