import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/transactions.js';

/**
 * Forgets scopes `s` of scans that have ended. One that is still held by the batch of a lane, which cannot write another, is
 * passed over: nobody who ends a scan waits for its lanes.
 */
export async function dropScopes(db: Db, which: RawBuilder<boolean>): Promise<void> {
  await sql`
    delete from tagward.scan_scope d
    where d.ordinal in (select s.ordinal from tagward.scan_scope s where ${which} for update of s skip locked)
  `.execute(db);
}

/** Removes what was passed over, and what is left of scans that ended by other ways. */
export async function sweepScopes(db: Db): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with recursive listed as (
      (select s.scan_id as id from tagward.scan_scope s order by s.scan_id limit 1)
      union all
      select (select s.scan_id from tagward.scan_scope s where s.scan_id > l.id order by s.scan_id limit 1)
      from listed l where l.id is not null
    )
    select l.id from listed l join tagward.scan c on c.id = l.id where c.status not in ('QUEUED', 'RUNNING')
  `.execute(db);
  for (const { id } of rows) await dropScopes(db, sql<boolean>`s.scan_id = ${id}`);
}
