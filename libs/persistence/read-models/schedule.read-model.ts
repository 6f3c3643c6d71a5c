import { type Selectable, sql } from 'kysely';
import type { Page, PageRequest, ScheduleRecord } from '#application';
import type { Db } from '../connection/transactions.js';
import { scheduleRecord } from '../rows/schedule.row.js';
import type { ScheduleTable } from '../tables/schedule.table.js';
import { countRows } from './count-rows.js';
import { keysetPage } from './keyset-page.js';

/** By name. */
export function schedulesPage(db: Db, page: PageRequest): Promise<Page<ScheduleRecord>> {
  return keysetPage(
    {
      name: 'schedules',
      keys: [{ column: sql`s.name`, type: 'text', of: (row: Selectable<ScheduleTable>) => row.name }],
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.schedule as s')
          .selectAll('s')
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.schedule s`, sql<boolean>`true`),
      node: scheduleRecord,
    },
    page,
  );
}
