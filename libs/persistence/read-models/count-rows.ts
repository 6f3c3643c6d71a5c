import { type RawBuilder, sql } from 'kysely';
import type { Condition } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';

export async function countRows(db: Db, from: RawBuilder<unknown>, where: Condition): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${from} where ${where}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
