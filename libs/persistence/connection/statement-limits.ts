import { sql } from 'kysely';
import type { Db } from './transactions.js';

/** Screens must not wait longer; scans and removals say so with `allowLongStatements`. */
export const READ_TIMEOUT_MS = 30_000;
export const LOCK_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 600_000;
/** Beyond what the server allows itself: then it is gone, or cut off. */
const ANSWER_GRACE_MS = 5_000;

/** For the rest of the transaction: statements whose work grows with the inventory may take ten minutes. */
export async function allowLongStatements(db: Db): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(WRITE_TIMEOUT_MS)}, true)`.execute(db);
}

/** For the rest of the transaction: as `allowLongStatements`, and as long between two of them, while what was read is written elsewhere. */
export async function allowLongReading(db: Db): Promise<void> {
  await allowLongStatements(db);
  await sql`select set_config('idle_in_transaction_session_timeout', ${String(WRITE_TIMEOUT_MS)}, true)`.execute(
    db,
  );
}

/** Milliseconds after which no answer to a statement is to be hoped for; 0: none. */
export function answerWithin(statementTimeoutMs: number, longAllowed: boolean): number {
  if (statementTimeoutMs === 0) return 0;
  return (longAllowed ? WRITE_TIMEOUT_MS : statementTimeoutMs) + ANSWER_GRACE_MS;
}

/** Does it give the transaction more time, as `allowLongStatements` does? */
export function allowsLongStatements(statement: string): boolean {
  return statement.includes(`set_config('statement_timeout'`);
}
