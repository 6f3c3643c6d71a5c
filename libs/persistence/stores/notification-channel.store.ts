import type { NotificationChannelRecord, NotificationChannelStore } from '#application';
import { refuseTakenName } from '../connection/constraint-errors.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { CHANNEL_COLUMNS, channelRecord } from '../rows/notification.row.js';

const SWITCHED_OFF = 'The channel was switched off before it was sent.';

export class PostgresNotificationChannelStore implements NotificationChannelStore {
  constructor(private readonly db: Db) {}

  async list(): Promise<readonly NotificationChannelRecord[]> {
    const rows = await this.db
      .selectFrom('tagward.notification_channel')
      .select(CHANNEL_COLUMNS)
      .orderBy('name')
      .execute();
    return rows.map(channelRecord);
  }

  async find(id: string): Promise<NotificationChannelRecord | null> {
    const row = await this.db
      .selectFrom('tagward.notification_channel')
      .select(CHANNEL_COLUMNS)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : channelRecord(row);
  }

  async findByName(name: string): Promise<NotificationChannelRecord | null> {
    const row = await this.db
      .selectFrom('tagward.notification_channel')
      .select(CHANNEL_COLUMNS)
      .where('name', '=', name)
      .forUpdate()
      .executeTakeFirst();
    return row === undefined ? null : channelRecord(row);
  }

  async sealed(id: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('tagward.notification_channel')
      .select('sealed')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.sealed ?? null;
  }

  async save(channel: Parameters<NotificationChannelStore['save']>[0]): Promise<NotificationChannelRecord> {
    const { id, events, ...rest } = channel;
    const values = { ...rest, events: [...events] };
    return inTransaction(this.db, async (db) => {
      const write = db
        .insertInto('tagward.notification_channel')
        .values({ id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .returning(CHANNEL_COLUMNS)
        .executeTakeFirstOrThrow();
      const constraint = 'notification_channel_name_key';
      const saved = await refuseTakenName('notification channel', channel.name, constraint, write);
      if (!saved.enabled) await failQueued(db, id);
      return channelRecord(saved);
    });
  }

  async disable(id: string): Promise<boolean> {
    return inTransaction(this.db, async (db) => {
      const changed = await db
        .updateTable('tagward.notification_channel')
        .set({ enabled: false })
        .where('id', '=', id)
        .where('enabled', '=', true)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) return false;
      await failQueued(db, id);
      return true;
    });
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.db
      .deleteFrom('tagward.notification_channel')
      .where('id', '=', id)
      .executeTakeFirst();
    return removed.numDeletedRows > 0n;
  }
}

async function failQueued(db: Db, channelId: string): Promise<void> {
  await db
    .updateTable('tagward.notification_delivery')
    .set({ status: 'FAILED', next_attempt_at: null, error: SWITCHED_OFF })
    .where('channel_id', '=', channelId)
    .where('status', '=', 'QUEUED')
    .execute();
}
