import { type RawBuilder, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { JsonObject, Platform } from '#core';
import type {
  NewDelivery,
  RecordedDelivery,
  WebhookReceiver,
  WebhookRecord,
  WebhookStore,
} from '#application';
import { refuseTakenName, requireReference } from '../connection/constraint-errors.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { WEBHOOK_COLUMNS, webhookRecord } from '../rows/webhook.row.js';

/** Rows that one statement of `trim` removes. */
const TRIMMED_AT_ONCE = 5_000;

/** The targets of a webhook `w`, in the order given. */
export const targetIdsOf: RawBuilder<string[]> = sql<string[]>`array(
  select t.target_id from tagward.webhook_target t where t.webhook_id = w.id order by t.place)`;

export class PostgresWebhookStore implements WebhookStore {
  constructor(private readonly db: Db) {}

  async insert(webhook: Parameters<WebhookStore['insert']>[0]): Promise<WebhookRecord> {
    const { id, name, kind, targetIds, topicArn, sealedSecret } = webhook;
    return inTransaction(this.db, async (db) => {
      const write = db
        .insertInto('tagward.webhook')
        .values({ id, name, kind, topic_arn: topicArn, sealed_secret: sealedSecret })
        .returning(WEBHOOK_COLUMNS)
        .executeTakeFirstOrThrow();
      const row = await refuseTakenName('webhook', name, 'webhook_name_key', write);
      const places = targetIds.map((target, place) => ({ webhook_id: id, target_id: target, place }));
      if (places.length > 0) {
        const link = db.insertInto('tagward.webhook_target').values(places).execute();
        await requireReference('target', targetIds.join(', '), 'webhook_target_target_fkey', link);
      }
      return webhookRecord({ ...row, target_ids: [...targetIds] });
    });
  }

  async find(id: string): Promise<WebhookRecord | null> {
    const row = await this.selected().where('w.id', '=', id).executeTakeFirst();
    return row === undefined ? null : webhookRecord(row);
  }

  async receivers(ids: readonly string[]): Promise<ReadonlyMap<string, WebhookReceiver>> {
    const rows = await this.selected()
      .select(['w.sealed_secret', 'w.previous_secret', targetsOf.as('targets')])
      .where('w.id', 'in', [...new Set(ids)])
      .execute();
    return new Map(
      rows.map((row) => [
        row.id,
        {
          webhook: webhookRecord(row),
          sealedSecret: row.sealed_secret,
          previousSecret: row.previous_secret,
          targets: row.targets,
        },
      ]),
    );
  }

  async rotate(id: string, sealedSecret: string, previousUntil: Date): Promise<WebhookRecord | null> {
    const rotated = await this.db
      .updateTable('tagward.webhook')
      .set({
        previous_secret: sql`sealed_secret`,
        previous_until: previousUntil,
        sealed_secret: sealedSecret,
      })
      .where('id', '=', id)
      .executeTakeFirst();
    return rotated.numUpdatedRows === 0n ? null : this.find(id);
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.db.deleteFrom('tagward.webhook').where('id', '=', id).executeTakeFirst();
    return removed.numDeletedRows > 0n;
  }

  async recordDeliveries(deliveries: readonly NewDelivery[]): Promise<readonly RecordedDelivery[]> {
    if (deliveries.length === 0) return [];
    const rows = deliveries.map((delivery) => ({ id: uuidv7(), ...columnsOf(delivery) }));
    const webhookIds = [...new Set(rows.map(({ webhook_id }) => webhook_id))].sort();
    const latest = new Date(Math.max(...rows.map(({ at }) => at.getTime())));
    const write = this.db
      .with('touched', (db) =>
        db
          .updateTable('tagward.webhook')
          .set({ last_delivery_at: latest })
          .where('id', 'in', webhookIds)
          .where(
            sql<boolean>`coalesce(last_delivery_at <= ${latest}::timestamptz - interval '1 second', true)`,
          ),
      )
      .insertInto('tagward.webhook_delivery')
      // In one order everywhere: two processes with the same deliveries do not wait for each other.
      .values(rows.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)))
      .onConflict((conflict) =>
        conflict
          .columns(['webhook_id', 'delivery_id'])
          .where('delivery_id', 'is not', null)
          .doUpdateSet({ attempts: sql`webhook_delivery.attempts + excluded.attempts` }),
      )
      .returning(['id', 'webhook_id', 'delivery_id', 'scan_ids'])
      .execute();
    const named = webhookIds.join(', ');
    const written = await requireReference('webhook', named, 'webhook_delivery_webhook_fkey', write);
    const byPlace = new Map(written.map((row) => [placeOf(row), row]));
    return rows.map((row) => {
      const stored = byPlace.get(placeOf(row));
      return { id: stored?.id ?? row.id, isNew: stored?.id === row.id, scanIds: stored?.scan_ids ?? [] };
    });
  }

  async settleDeliveries(
    settled: readonly { readonly id: string; readonly scanIds: readonly string[] }[],
  ): Promise<void> {
    if (settled.length === 0) return;
    const values = sql.join(settled.map(({ id, scanIds }) => sql`(${id}::text, ${[...scanIds]}::text[])`));
    await sql`update tagward.webhook_delivery d set scan_ids = v.scan_ids
      from (values ${values}) as v (id, scan_ids) where d.id = v.id`.execute(this.db);
  }

  async countRefused(id: string, count: number, at: Date, auditEveryMs: number) {
    return inTransaction(this.db, async (db) => {
      const row = await db
        .selectFrom('tagward.webhook')
        .select(['refused_deliveries', 'refusal_audited_at'])
        .where('id', '=', id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (row === undefined) return null;
      const before = row.refusal_audited_at;
      const audit = before === null || before.getTime() <= at.getTime() - auditEveryMs;
      const total = row.refused_deliveries + count;
      await db
        .updateTable('tagward.webhook')
        .set({ refused_deliveries: total, ...(audit ? { refusal_audited_at: at } : {}) })
        .where('id', '=', id)
        .execute();
      return { total, audit };
    });
  }

  async trim(before: Date): Promise<number> {
    let total = 0;
    for (;;) {
      const { numDeletedRows } = await this.db
        .deleteFrom('tagward.webhook_delivery')
        .where('id', 'in', (old) =>
          old
            .selectFrom('tagward.webhook_delivery')
            .select('id')
            .where('at', '<', before)
            .orderBy('at')
            .limit(TRIMMED_AT_ONCE),
        )
        .executeTakeFirst();
      total += Number(numDeletedRows);
      if (numDeletedRows < TRIMMED_AT_ONCE) return total;
    }
  }

  private selected() {
    return this.db
      .selectFrom('tagward.webhook as w')
      .select(WEBHOOK_COLUMNS.map((column) => `w.${column}` as const))
      .select(targetIdsOf.as('target_ids'));
  }
}

type ReceiverTarget = { id: string; platform: Platform; config: JsonObject };

const targetsOf = sql<ReceiverTarget[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', g.id, 'platform', g.platform, 'config', g.config) order by t.place)
  from tagward.webhook_target t join tagward.target g on g.id = t.target_id where t.webhook_id = w.id), '[]')`;

function columnsOf(delivery: NewDelivery) {
  const { webhookId, deliveryId, at, event, status, attempts, responseCode, error } = delivery;
  return {
    ...{ webhook_id: webhookId, delivery_id: deliveryId, at, event, status, attempts, error },
    response_code: responseCode,
  };
}

/** What is unique of a delivery: what its sender calls it, else its own id. */
function placeOf(row: { id: string; webhook_id: string; delivery_id: string | null }): string {
  return JSON.stringify([row.webhook_id, row.delivery_id, row.delivery_id === null ? row.id : null]);
}
