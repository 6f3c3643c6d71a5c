import { type Selectable, sql } from 'kysely';
import type { Page, PageRequest, TargetFilter, TargetRecord, Visible } from '#application';
import { allOf, contains, hasLabels, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { targetRecord } from '../rows/target.row.js';
import type { TargetTable } from '../schema.js';
import { countRows } from './count-rows.js';
import { keysetPage } from './keyset-page.js';

/** By name. */
export function targetsPage(
  db: Db,
  filter: TargetFilter,
  page: PageRequest,
  visible: Visible,
): Promise<Page<TargetRecord>> {
  const where = allOf([
    ...oneOf(sql`g.id`, visible),
    ...oneOf(sql`g.platform`, filter.platforms),
    ...hasLabels(sql`g.labels`, filter.labels),
    ...contains([sql`g.name`, sql`g.location`], filter.search),
  ]);
  return keysetPage(
    {
      name: 'targets',
      keys: [{ column: sql`g.name`, type: 'text', of: (row: Selectable<TargetTable>) => row.name }],
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.target as g')
          .selectAll('g')
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.target g`, where),
      node: targetRecord,
    },
    page,
  );
}

export async function targetsById(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TargetRecord>> {
  const where = allOf(oneOf(sql`g.id`, ids));
  const rows = await db.selectFrom('tagward.target as g').selectAll('g').where(where).execute();
  return new Map(rows.map((row) => [row.id, targetRecord(row)]));
}
