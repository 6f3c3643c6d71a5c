import { sql } from 'kysely';
import type { Db } from '../connection/transactions.js';

/** The present tag `t` that a suppressed finding `f` without an end tells of, when it still points where the finding says. */
const TOLD_OF = sql<boolean>`f.state = 'SUPPRESSED' and f.suppressed_until is null
  and r.part_id = f.part_id and r.resource = f.resource
  and t.resource_id = r.id and t.name = f.tag and t.missing_since is null
  and t.digest = f.evidence #>> '{pointerMove,to}'`;

/**
 * A move that is suppressed for good is accepted: the name is known by where it points now. One that is suppressed until a day is not: it is
 * to be told of again.
 */
export async function acceptMoves(db: Db, findingIds: readonly string[]): Promise<void> {
  await sql`
    update tagward.tag t
    set baseline = null, returned_at = null
    from tagward.finding f, tagward.resource r
    where f.id = any(${[...findingIds]}::text[]) and ${TOLD_OF}
      and (t.baseline is not null or t.returned_at is not null)
  `.execute(db);
}

/** Undoes `acceptMoves` while the suppression still stands, that is, until the next scan resolves the finding. */
export async function takeBackAcceptance(db: Db, findingId: string): Promise<void> {
  const from = sql`f.evidence #>> '{pointerMove,from}'`;
  await sql`
    update tagward.tag t
    set baseline = nullif(${from}, t.digest), returned_at = case when nullif(${from}, t.digest) is null then f.opened_at end
    from tagward.finding f, tagward.resource r
    where f.id = ${findingId} and ${TOLD_OF} and t.baseline is null and t.returned_at is null
  `.execute(db);
}
