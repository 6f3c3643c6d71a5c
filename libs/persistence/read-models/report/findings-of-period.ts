import { type RawBuilder, sql } from 'kysely';
import type { FindingRecord, FindingState, ReportRequest } from '#application';
import { allOf, oneOf } from '../../connection/conditions.js';
import type { Db } from '../../connection/transactions.js';
import { type FindingRow, findingRecord } from '../../rows/finding.row.js';
import { selectFindings } from '../../stores/select-findings.js';
import { stateAt, wasOpen } from './period.js';

const PAGE = 1_000;
const OLDEST = 10;

/**
 * Findings that were open at some time of the period, most severe first, a page in memory at a time. A finding that was suppressed
 * before the period is not among them.
 */
export async function* reportFindings(db: Db, request: ReportRequest): AsyncIterable<FindingRecord> {
  const where = allOf([...oneOf(sql`f.target_id`, request.targetIds), wasOpen(request)]);
  for (let after: RawBuilder<boolean> = sql`true`; ;) {
    const rows = await selectFindings(db)
      .select(stateAt(request.to).as('state_at'))
      .where(where)
      .where(after)
      .orderBy('f.urgency')
      .orderBy('f.key')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield recordAt(row, request.to);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = sql`(f.urgency, f.key) > (${last.urgency}::smallint, ${last.key}::bigint)`;
  }
}

/** Open findings that are known for the longest time; each part walks an index of its own, or few rows. */
export async function oldestFindings(
  db: Db,
  { to, targetIds }: ReportRequest,
): Promise<readonly FindingRecord[]> {
  const oldestWhere = (state: RawBuilder<boolean>) => sql`(
    select f.id, f.first_seen_at from tagward.finding f
    where ${allOf([state, sql`${stateAt(to)} = 'OPEN'`, ...oneOf(sql`f.target_id`, targetIds)])}
    order by f.first_seen_at, f.id limit ${OLDEST}
  )`;
  const rows = await selectFindings(db)
    .select(stateAt(to).as('state_at'))
    .where(
      sql<boolean>`f.id = any (array(
        select o.id from (
          ${oldestWhere(sql`f.state = 'OPEN'`)}
          union all ${oldestWhere(sql`f.state = 'SUPPRESSED'`)}
          union all ${oldestWhere(sql`f.state = 'RESOLVED' and f.resolved_at >= ${to}`)}
        ) as o
        order by o.first_seen_at, o.id limit ${OLDEST}
      ))`,
    )
    .orderBy('f.first_seen_at')
    .orderBy('f.id')
    .execute();
  return rows.map((row) => recordAt(row, to));
}

/** State, resolution and suppression as they stood at that moment; the rest is what was found last. */
function recordAt(row: FindingRow & { readonly state_at: FindingState | null }, to: Date): FindingRecord {
  const state = row.state_at ?? row.state;
  const resolvedAt = row.opened_at >= to ? row.gone_at : row.resolved_at;
  return findingRecord({
    ...row,
    state,
    resolved_at: state === 'RESOLVED' ? resolvedAt : null,
    suppressed_at: state === 'SUPPRESSED' ? row.suppressed_at : null,
  });
}
