import { findingLastSeen } from '../rows/last-seen.js';
import type { Db } from '../connection/transactions.js';

/** Findings with what their part tells of them. */
export function selectFindings(db: Db) {
  return db
    .selectFrom('tagward.finding as f')
    .innerJoin('tagward.read_part as p', 'p.id', 'f.part_id')
    .leftJoin('tagward.rule_set as s', 's.id', 'p.rule_set_id')
    .selectAll('f')
    .select(['p.scope', 'p.resource_type', findingLastSeen.as('last_seen_at')]);
}
