import { type Selectable, sql } from 'kysely';
import type { Page, PageRequest, ScanFilter, ScanRecord, Visible } from '#application';
import { allOf, equals, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { scanRecord } from '../rows/scan.row.js';
import type { ScanTable } from '../schema.js';
import { countRows } from './count-rows.js';
import { keysetPage } from './keyset-page.js';

/** Last asked for first. */
export function scansPage(
  db: Db,
  filter: ScanFilter,
  page: PageRequest,
  visible: Visible,
): Promise<Page<ScanRecord>> {
  const where = allOf([
    ...oneOf(sql`c.target_id`, visible),
    ...equals(sql`c.target_id`, filter.targetId),
    ...equals(sql`c.status`, filter.status),
  ]);
  return keysetPage(
    {
      name: 'scans',
      keys: [{ column: sql`c.number`, type: 'bigint', of: (row: Selectable<ScanTable>) => row.number }],
      direction: 'desc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.scan as c')
          .selectAll('c')
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.scan c`, where),
      node: scanRecord,
    },
    page,
  );
}
