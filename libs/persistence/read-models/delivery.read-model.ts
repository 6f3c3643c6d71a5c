import { type Selectable, sql } from 'kysely';
import type { DeliveryRecord, Page, PageRequest } from '#application';
import type { Db } from '../connection/transactions.js';
import { deliveryRecord } from '../rows/notification.row.js';
import type { NotificationDeliveryTable } from '../tables/notification.table.js';
import { keysetPages } from './keyset-page.js';

type Row = Selectable<NotificationDeliveryTable>;

/** Latest first, of each channel; one query, and one more when somebody asks for totals. */
export async function deliveriesOfChannels(
  db: Db,
  channelIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<DeliveryRecord>>> {
  const ids = [...channelIds];
  return keysetPages(
    {
      name: 'deliveries',
      keys: [{ column: sql`d.id`, type: 'text', of: (row: Row) => row.id }],
      direction: 'desc',
      parents: ids,
      parentOf: (row) => row.channel_id,
      rows: async ({ after, order, limit }) => {
        const { rows } = await sql<Row>`
          select p.* from unnest(${ids}::text[]) as c (id)
          cross join lateral (
            select d.id, d.channel_id, d.at, d.event, d.status, d.attempts, d.response_code, d.error, d.scan_ids
            from tagward.notification_delivery d
            where d.channel_id = c.id and ${after}
            order by ${order}
            limit ${limit}
          ) p
          order by p.id desc
        `.execute(db);
        return rows;
      },
      counts: async () => {
        const { rows } = await sql<{ id: string; count: number }>`
          select d.channel_id as id, count(*) as count from tagward.notification_delivery d
          where d.channel_id = any(${ids}::text[]) group by d.channel_id
        `.execute(db);
        return new Map(rows.map(({ id, count }) => [id, count]));
      },
      node: deliveryRecord,
    },
    page,
  );
}
