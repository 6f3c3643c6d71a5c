import type { CreatedWebhook, WebhookDeliveryRecord, WebhookRecord } from '#application';
import type { z } from 'zod';
import type * as answers from './answers.js';
import type { Beside } from './beside.js';

export function presentWebhook(
  record: WebhookRecord,
  { hooks }: Pick<Beside, 'hooks'>,
): z.input<typeof answers.webhook> {
  return {
    id: record.id,
    name: record.name,
    kind: record.kind,
    url: hooks.urlOf(record.id),
    targetIds: [...record.targetIds],
    topicArn: record.topicArn,
    createdAt: record.createdAt.toISOString(),
    lastDeliveryAt: record.lastDeliveryAt?.toISOString() ?? null,
    previousSecretUntil: record.previousSecretUntil?.toISOString() ?? null,
    refusedDeliveries: record.refusedDeliveries,
  };
}

export function presentCreatedWebhook(
  { webhook, secret }: CreatedWebhook,
  beside: Pick<Beside, 'hooks'>,
): z.input<typeof answers.createdWebhook> {
  return { webhook: presentWebhook(webhook, beside), secret };
}

export function presentWebhookDelivery(
  record: WebhookDeliveryRecord,
): z.input<typeof answers.webhookDelivery> {
  return {
    id: record.id,
    at: record.at.toISOString(),
    event: record.event,
    status: record.status,
    attempts: record.attempts,
    responseCode: record.responseCode,
    error: record.error,
    scanIds: [...record.scanIds],
  };
}
