import type { ColumnType, Generated } from 'kysely';
import type { WebhookDeliveryStatus, WebhookKind } from '#application';

export interface WebhookTable {
  id: string;
  name: string;
  kind: WebhookKind;
  topic_arn: string | null;
  /** null: the kind has none. */
  sealed_secret: string | null;
  previous_secret: string | null;
  previous_until: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
  /** Renewed once a second at most. */
  last_delivery_at: Date | null;
  refused_deliveries: Generated<number>;
  refusal_audited_at: Date | null;
}

export interface WebhookTargetTable {
  webhook_id: string;
  target_id: string;
  /** In the order given. */
  place: number;
}

export interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  /** By which the sender knows it; null: by nothing. */
  delivery_id: string | null;
  at: Date;
  event: string;
  status: WebhookDeliveryStatus;
  attempts: number;
  response_code: number | null;
  error: string | null;
  scan_ids: ColumnType<string[], string[] | undefined, string[]>;
}
