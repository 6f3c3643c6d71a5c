import { type Selectable, sql } from 'kysely';
import type { ScanRecord } from '#application';
import type { Db } from '../connection/transactions.js';
import { scanRecord } from '../rows/scan.row.js';
import type { ScanTable } from '../schema.js';

/** The scan of each target that was asked for last, in one query. */
export async function lastScans(
  db: Db,
  targetIds: readonly string[],
): Promise<ReadonlyMap<string, ScanRecord>> {
  if (targetIds.length === 0) return new Map();
  const { rows } = await sql<Selectable<ScanTable>>`
    select last.*
    from unnest(${[...new Set(targetIds)]}::text[]) as t(id)
    cross join lateral (
      select s.* from tagward.scan s where s.target_id = t.id order by s.number desc limit 1
    ) as last
  `.execute(db);
  return new Map(rows.map((row) => [row.target_id, scanRecord(row)]));
}
