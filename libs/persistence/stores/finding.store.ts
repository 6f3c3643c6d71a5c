import { sql } from 'kysely';
import type { FindingFilter, FindingRecord, FindingStore, Suppression, Visible } from '#application';
import { allOf, oneOf } from '../connection/conditions.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { findingRecord } from '../rows/finding.row.js';
import { findingConditions } from './finding-filter.js';
import { acceptMoves, takeBackAcceptance } from './accepted-moves.js';
import { selectFindings } from './select-findings.js';

const NOT_SUPPRESSED = {
  suppressed_at: null,
  suppressed_by: null,
  suppressed_until: null,
  suppression_reason: null,
} as const;

export class PostgresFindingStore implements FindingStore {
  constructor(private readonly db: Db) {}

  async find(id: string): Promise<FindingRecord | null> {
    const row = await selectFindings(this.db).where('f.id', '=', id).executeTakeFirst();
    return row === undefined ? null : findingRecord(row);
  }

  /** A resolved finding is returned as it is: there is nothing to suppress. A second suppression takes the place of the first. */
  async suppress(id: string, suppression: Suppression, visible: Visible): Promise<FindingRecord | null> {
    return inTransaction(this.db, async (db) => {
      const isVisible = (await visibleFinding(db, id, visible)) !== null;
      if (isVisible && suppression.until !== null) await takeBackAcceptance(db, id);
      await db
        .updateTable('tagward.finding as f')
        .set(suppressed(suppression))
        .where('f.id', '=', id)
        .where('f.state', '<>', 'RESOLVED')
        .where(allOf(oneOf(sql`f.target_id`, visible)))
        .execute();
      const finding = await visibleFinding(db, id, visible);
      if (finding !== null) await acceptMoves(db, [id]);
      return finding;
    });
  }

  async suppressAll(
    filter: FindingFilter,
    suppression: Suppression,
    visible: Visible,
  ): Promise<{ readonly count: number; readonly targetIds: readonly string[] }> {
    return inTransaction(this.db, async (db) => {
      const rows = await db
        .updateTable('tagward.finding as u')
        .set(suppressed(suppression))
        .where('u.id', 'in', (query) =>
          query
            .selectFrom('tagward.finding as f')
            .select('f.id')
            .where('f.state', '=', 'OPEN')
            .where(allOf(findingConditions(filter, visible))),
        )
        .where('u.state', '=', 'OPEN')
        .returning(['u.id', 'u.target_id', sql<boolean>`u.evidence ? 'pointerMove'`.as('tells_of_a_move')])
        .execute();
      const moved = rows.filter((row) => row.tells_of_a_move).map(({ id }) => id);
      if (moved.length > 0) await acceptMoves(db, moved);
      return { count: rows.length, targetIds: [...new Set(rows.map((row) => row.target_id))] };
    });
  }

  async unsuppress(id: string, visible: Visible): Promise<FindingRecord | null> {
    return inTransaction(this.db, async (db) => {
      if ((await visibleFinding(db, id, visible)) !== null) await takeBackAcceptance(db, id);
      await db
        .updateTable('tagward.finding as f')
        .set({ state: 'OPEN', ...NOT_SUPPRESSED })
        .where('f.id', '=', id)
        .where('f.state', '=', 'SUPPRESSED')
        .where(allOf(oneOf(sql`f.target_id`, visible)))
        .execute();
      return visibleFinding(db, id, visible);
    });
  }

  async expireSuppressions(now: Date): Promise<readonly string[]> {
    const rows = await this.db
      .updateTable('tagward.finding as f')
      .set({ state: 'OPEN', ...NOT_SUPPRESSED })
      .where('f.state', '=', 'SUPPRESSED')
      .where('f.suppressed_until', '<=', now)
      .returning('f.target_id')
      .execute();
    return [...new Set(rows.map((row) => row.target_id))];
  }
}

function suppressed({ reason, by, at, until }: Suppression) {
  return {
    state: 'SUPPRESSED',
    suppressed_at: at,
    suppressed_by: by,
    suppressed_until: until,
    suppression_reason: reason,
  } as const;
}

async function visibleFinding(db: Db, id: string, visible: Visible): Promise<FindingRecord | null> {
  const row = await selectFindings(db)
    .where('f.id', '=', id)
    .where(allOf(oneOf(sql`f.target_id`, visible)))
    .executeTakeFirst();
  return row === undefined ? null : findingRecord(row);
}
