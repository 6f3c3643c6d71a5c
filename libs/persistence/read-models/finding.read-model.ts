import { sql } from 'kysely';
import type { FindingFilter, FindingOrder, FindingRecord, Page, PageRequest, Visible } from '#application';
import { allOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { type FindingRow, findingRecord } from '../rows/finding.row.js';
import { findingLastSeen } from '../rows/last-seen.js';
import { findingConditions } from '../stores/finding-filter.js';
import { selectFindings } from '../stores/select-findings.js';
import { countRows } from './count-rows.js';
import { keysetPage, type KeysetList, type SortKey } from './keyset-page.js';

type Order = Pick<KeysetList<FindingRow, FindingRecord>, 'keys' | 'direction'>;

/** Grows with every new finding. */
const KEY: SortKey<FindingRow> = { column: sql`f.key`, type: 'bigint', of: (row) => row.key };

const ORDERS = {
  SEVERITY_DESC: {
    keys: [{ column: sql`f.urgency`, type: 'bigint', of: (row) => row.urgency }, KEY],
    direction: 'asc',
  },
  FIRST_SEEN_ASC: {
    keys: [{ column: sql`f.first_seen_at`, type: 'timestamptz', of: (row) => row.first_seen_at }, KEY],
    direction: 'asc',
  },
  LAST_SEEN_DESC: {
    keys: [{ column: findingLastSeen, type: 'timestamptz', of: (row) => row.last_seen_at }, KEY],
    direction: 'desc',
  },
} satisfies Record<FindingOrder, Order>;

/** By severity and by first seen from indexes, whatever the page; by last seen, which is derived, by sorting what the filter leaves. */
export function findingsPage(
  db: Db,
  request: { filter: FindingFilter; order: FindingOrder; page: PageRequest },
  visible: Visible,
): Promise<Page<FindingRecord>> {
  const where = allOf(findingConditions(request.filter, visible));
  return keysetPage(
    {
      name: `findings ${request.order}`,
      ...ORDERS[request.order],
      rows: ({ after, order, limit }) =>
        selectFindings(db).where(where).where(after).orderBy(order).limit(limit).execute(),
      count: () => countRows(db, sql`tagward.finding f`, where),
      node: findingRecord,
    },
    request.page,
  );
}
