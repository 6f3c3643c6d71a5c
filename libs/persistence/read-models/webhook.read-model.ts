import { type Selectable, sql } from 'kysely';
import type { WebhookDeliveryRecord, Page, PageRequest, WebhookRecord } from '#application';
import type { Db } from '../connection/transactions.js';
import { DELIVERY_COLUMNS, deliveryRecord, WEBHOOK_COLUMNS, webhookRecord } from '../rows/webhook.row.js';
import { targetIdsOf } from '../stores/webhook.store.js';
import type { WebhookDeliveryTable } from '../tables/webhook.table.js';
import { countRows } from './count-rows.js';
import { encodeCursor } from './cursor.js';
import { checkPageSize, keysetPage } from './keyset-page.js';

type DeliveryRow = Pick<Selectable<WebhookDeliveryTable>, (typeof DELIVERY_COLUMNS)[number]>;

const DELIVERIES = 'webhookDeliveries';
const EVERY = sql<boolean>`true`;

/** By name. */
export function webhooksPage(db: Db, page: PageRequest): Promise<Page<WebhookRecord>> {
  return keysetPage(
    {
      name: 'webhooks',
      keys: [{ column: sql`w.name`, type: 'text', of: (row: { name: string }) => row.name }],
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.webhook as w')
          .select(WEBHOOK_COLUMNS.map((column) => `w.${column}` as const))
          .select(targetIdsOf.as('target_ids'))
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.webhook w`, EVERY),
      node: webhookRecord,
    },
    page,
  );
}

/** Latest first. */
export function deliveriesPage(
  db: Db,
  webhookId: string,
  page: PageRequest,
): Promise<Page<WebhookDeliveryRecord>> {
  const where = sql<boolean>`d.webhook_id = ${webhookId}`;
  return keysetPage(
    {
      name: DELIVERIES,
      keys: [{ column: sql`d.id`, type: 'text', of: (row: DeliveryRow) => row.id }],
      direction: 'desc',
      rows: ({ after, order, limit }) =>
        db
          .selectFrom('tagward.webhook_delivery as d')
          .select(DELIVERY_COLUMNS)
          .where(where)
          .where(after)
          .orderBy(order)
          .limit(limit)
          .execute(),
      count: () => countRows(db, sql`tagward.webhook_delivery d`, where),
      node: deliveryRecord,
    },
    page,
  );
}

/** As the first page of `deliveriesPage`, of many webhooks in one statement. */
export async function latestDeliveries(
  db: Db,
  webhookIds: readonly string[],
  first: number,
): Promise<ReadonlyMap<string, Page<WebhookDeliveryRecord>>> {
  checkPageSize(first);
  const { rows } = await sql<DeliveryRow>`
    select d.* from unnest(${[...webhookIds]}::text[]) as w (id)
    cross join lateral (
      select ${sql.join(DELIVERY_COLUMNS.map((column) => sql.ref(column)))} from tagward.webhook_delivery
      where webhook_id = w.id order by id desc limit ${first + 1}) d`.execute(db);
  const found = Map.groupBy(rows, ({ webhook_id }) => webhook_id);
  let counted: Promise<ReadonlyMap<string, number>> | null = null;
  return new Map(
    webhookIds.map((id) => {
      const own = found.get(id) ?? [];
      const edges = own
        .slice(0, first)
        .map((row) => ({ cursor: encodeCursor(DELIVERIES, [row.id]), node: deliveryRecord(row) }));
      const totalCount = async () => (await (counted ??= countDeliveries(db, webhookIds))).get(id) ?? 0;
      return [id, { edges, hasNextPage: own.length > first, totalCount }];
    }),
  );
}

async function countDeliveries(db: Db, webhookIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('tagward.webhook_delivery')
    .select(['webhook_id', (of) => of.fn.countAll<number>().as('count')])
    .where('webhook_id', 'in', [...webhookIds])
    .groupBy('webhook_id')
    .execute();
  return new Map(rows.map(({ webhook_id, count }) => [webhook_id, count]));
}
