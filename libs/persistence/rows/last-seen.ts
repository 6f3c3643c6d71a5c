import { type RawBuilder, sql } from 'kysely';

/** `pack/rule` of `tagward.finding as f`, as rule sets write it. */
const RULE = sql`(f.rule_pack || '/' || f.rule_id)`;

/**
 * When a finding was last seen: while it is not resolved that is whenever its rule last judged its part as a whole, so that a scan which
 * changes nothing writes nothing. Of `tagward.finding as f`, its `read_part as p` and that one's `rule_set as s`.
 */
export const findingLastSeen: RawBuilder<Date> = sql<Date>`(case
  when f.state = 'RESOLVED' then f.seen_at
  else greatest(f.seen_at, case
    when s.rules ? ${RULE} then p.last_read_at
    else (p.evaluated ->> ${RULE})::timestamptz
  end)
end)`;

/** As `findingLastSeen`, for `tagward.resource as r` or `tagward.tag as t` and their `read_part as p`. */
export function inventoryLastSeen(row: 'r' | 't'): RawBuilder<Date> {
  const column = (name: string) => sql.ref(`${row}.${name}`);
  return sql<Date>`(case
    when ${column('missing_since')} is not null then ${column('seen_at')}
    else greatest(${column('seen_at')}, p.last_read_at)
  end)`;
}
