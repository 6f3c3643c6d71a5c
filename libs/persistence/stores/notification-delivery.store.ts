import { type RawBuilder, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type {
  ClaimedDelivery,
  DeliveryRecord,
  DeliveryResult,
  News,
  NotificationDeliveryStore,
} from '#application';
import { cleanText, toJson } from '../connection/clean-text.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { DELIVERY_COLUMNS, deliveryRecord } from '../rows/notification.row.js';

/** Whose time has come, on a channel that is switched on. Times are the database's: workers' clocks may differ. */
const due = sql<boolean>`status = 'QUEUED' and next_attempt_at <= clock_timestamp() and exists (
  select from tagward.notification_channel c where c.id = channel_id and c.enabled
)`;

export class PostgresNotificationDeliveryStore implements NotificationDeliveryStore {
  constructor(private readonly db: Db) {}

  async add(cause: string, { event, data }: News, scanIds: readonly string[]): Promise<readonly string[]> {
    const channels = await this.db
      .selectFrom('tagward.notification_channel')
      .select('id')
      .where('enabled', '=', true)
      .where(sql<boolean>`events @> array[${event}]::text[]`)
      .orderBy('id')
      // One that is being removed or switched off is waited for.
      .forShare()
      .execute();
    if (channels.length === 0) return [];
    const json = toJson(data);
    const rows = await this.db
      .insertInto('tagward.notification_delivery')
      .values(
        channels.map(({ id }) => ({
          id: uuidv7(),
          channel_id: id,
          ...{ event, cause, data: json, scan_ids: [...scanIds] },
          next_attempt_at: sql<Date>`clock_timestamp()`,
        })),
      )
      .onConflict((conflict) => conflict.constraint('notification_delivery_once').doNothing())
      .returning('channel_id')
      .execute();
    return rows.map((row) => row.channel_id);
  }

  async dueChannels(): Promise<readonly string[]> {
    const rows = await this.db
      .selectFrom('tagward.notification_delivery')
      .select('channel_id')
      .distinct()
      .where(due)
      .execute();
    return rows.map((row) => row.channel_id);
  }

  async claim(channelId: string, leaseMs: number): Promise<ClaimedDelivery | null> {
    const next = this.db
      .selectFrom('tagward.notification_delivery')
      .select('id')
      .where('channel_id', '=', channelId)
      .where(due)
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked();
    const row = await this.db
      .updateTable('tagward.notification_delivery as d')
      .from('tagward.notification_channel as c')
      .set({ attempts: sql`d.attempts + 1`, fence: sql`d.fence + 1`, next_attempt_at: fromNow(leaseMs) })
      .whereRef('c.id', '=', 'd.channel_id')
      .where('d.id', '=', next)
      .returning([
        'd.id',
        'd.fence',
        'd.attempts',
        'd.at',
        'd.event',
        'd.data',
        'c.id as channel_id',
        'c.name',
        'c.kind',
        'c.sealed',
      ])
      .executeTakeFirst();
    if (row === undefined) return null;
    const { id, fence, attempts: attempt, at, event, data, channel_id, name, kind, sealed } = row;
    const channel = { id: channel_id, name, kind, sealed };
    return { id, fence, attempt, at, news: { event, data } as News, channel };
  }

  async settle(
    { id, fence }: Pick<ClaimedDelivery, 'id' | 'fence'>,
    result: DeliveryResult,
  ): Promise<boolean> {
    const { status, responseCode } = result;
    const settled = await this.db
      .updateTable('tagward.notification_delivery')
      .set({
        status,
        response_code: responseCode,
        error: status === 'DELIVERED' ? null : cleanText(result.error),
        next_attempt_at: status === 'QUEUED' ? fromNow(result.retryInMs) : null,
      })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('status', '=', 'QUEUED')
      .executeTakeFirst();
    return settled.numUpdatedRows > 0n;
  }

  async release({ id, fence }: Pick<ClaimedDelivery, 'id' | 'fence'>): Promise<void> {
    await this.db
      .updateTable('tagward.notification_delivery')
      .set({ attempts: sql`greatest(attempts - 1, 0)`, next_attempt_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('status', '=', 'QUEUED')
      .execute();
  }

  async redeliver(id: string): Promise<{ delivery: DeliveryRecord; channelId: string } | null> {
    const row = await this.db
      .updateTable('tagward.notification_delivery')
      .set({
        status: 'QUEUED',
        attempts: 0,
        fence: sql`fence + 1`,
        next_attempt_at: sql<Date>`clock_timestamp()`,
        response_code: null,
        error: null,
      })
      .where('id', '=', id)
      .returning([...DELIVERY_COLUMNS, 'channel_id'])
      .executeTakeFirst();
    return row === undefined ? null : { delivery: deliveryRecord(row), channelId: row.channel_id };
  }

  async channelOf(id: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('tagward.notification_delivery')
      .select('channel_id')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.channel_id ?? null;
  }

  async trim(before: Date): Promise<void> {
    await inTransaction(this.db, async (db) => {
      await allowLongStatements(db);
      await db
        .deleteFrom('tagward.notification_delivery')
        .where('at', '<', before)
        .where('status', '<>', 'QUEUED')
        .execute();
    });
  }

  async scoreMark(targetId: string): Promise<number | null> {
    const row = await this.db
      .selectFrom('tagward.score_mark')
      .select('score')
      .where('target_id', '=', targetId)
      .forUpdate()
      .executeTakeFirst();
    return row?.score ?? null;
  }

  async setScoreMark(targetId: string, score: number): Promise<void> {
    await this.db
      .insertInto('tagward.score_mark')
      .values({ target_id: targetId, score })
      .onConflict((conflict) => conflict.column('target_id').doUpdateSet({ score }))
      .execute();
  }
}

function fromNow(ms: number): RawBuilder<Date> {
  return sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1_000}::double precision)`;
}
