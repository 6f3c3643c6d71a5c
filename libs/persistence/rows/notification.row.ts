import type { Selectable } from 'kysely';
import type { DeliveryRecord, NotificationChannelRecord } from '#application';
import type { NotificationChannelTable, NotificationDeliveryTable } from '../tables/notification.table.js';

/** Never `sealed`. */
export const CHANNEL_COLUMNS = ['id', 'name', 'kind', 'events', 'enabled', 'address', 'created_at'] as const;

export function channelRecord(
  row: Pick<Selectable<NotificationChannelTable>, (typeof CHANNEL_COLUMNS)[number]>,
): NotificationChannelRecord {
  const { id, name, kind, events, enabled, address } = row;
  return { id, name, kind, events, enabled, address, createdAt: row.created_at };
}

export const DELIVERY_COLUMNS = [
  'id',
  'at',
  'event',
  'status',
  'attempts',
  'response_code',
  'error',
  'scan_ids',
] as const;

export function deliveryRecord(
  row: Pick<Selectable<NotificationDeliveryTable>, (typeof DELIVERY_COLUMNS)[number]>,
): DeliveryRecord {
  const { id, at, event, status, attempts, error } = row;
  return { id, at, event, status, attempts, error, responseCode: row.response_code, scanIds: row.scan_ids };
}
