import type { Selectable } from 'kysely';
import type { WebhookDeliveryRecord, WebhookRecord } from '#application';
import type { WebhookDeliveryTable, WebhookTable } from '../tables/webhook.table.js';

/** Never a secret. */
export const WEBHOOK_COLUMNS = [
  'id',
  'name',
  'kind',
  'topic_arn',
  'created_at',
  'last_delivery_at',
  'previous_until',
  'refused_deliveries',
] as const;

export function webhookRecord(
  row: Pick<Selectable<WebhookTable>, (typeof WEBHOOK_COLUMNS)[number]> & { readonly target_ids: string[] },
): WebhookRecord {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    targetIds: row.target_ids,
    topicArn: row.topic_arn,
    createdAt: row.created_at,
    lastDeliveryAt: row.last_delivery_at,
    previousSecretUntil: row.previous_until,
    refusedDeliveries: row.refused_deliveries,
  };
}

export const DELIVERY_COLUMNS = [
  'id',
  'webhook_id',
  'at',
  'event',
  'status',
  'attempts',
  'response_code',
  'error',
  'scan_ids',
] as const;

export function deliveryRecord(
  row: Pick<Selectable<WebhookDeliveryTable>, (typeof DELIVERY_COLUMNS)[number]>,
): WebhookDeliveryRecord {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    at: row.at,
    event: row.event,
    status: row.status,
    attempts: row.attempts,
    responseCode: row.response_code,
    error: row.error,
    scanIds: row.scan_ids,
  };
}
