import type { ColumnType, Generated } from 'kysely';
import type { ChannelKind, DeliveryStatus, News, NotificationEvent } from '#application';

export interface NotificationChannelTable {
  id: string;
  name: string;
  kind: ChannelKind;
  events: NotificationEvent[];
  enabled: boolean;
  /** What may be shown of it. */
  address: string;
  sealed: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

export interface NotificationDeliveryTable {
  id: string;
  channel_id: string;
  event: NotificationEvent;
  cause: string;
  data: ColumnType<News['data'], string, never>;
  scan_ids: string[];
  at: ColumnType<Date, Date | undefined, never>;
  status: Generated<DeliveryStatus>;
  attempts: Generated<number>;
  fence: Generated<number>;
  /** Set while it is QUEUED. */
  next_attempt_at: Date | null;
  response_code: number | null;
  error: string | null;
}

export interface ScoreMarkTable {
  target_id: string;
  score: number;
}
