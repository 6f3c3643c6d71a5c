import type { JsonObject, Platform } from '#core';
import type { WebhookDeliveryRecord } from '../records/webhook-delivery.js';
import type { Page, PageRequest } from '../records/page.js';
import type { WebhookKind, WebhookRecord } from '../records/webhook.js';

/** Webhooks and the log of their deliveries. */
export interface WebhookStore {
  /** Throws NAME_TAKEN. The id is given by the caller because the sealed secret is bound to it. `sealedSecret` null: the kind has none. */
  insert(webhook: {
    id: string;
    name: string;
    kind: WebhookKind;
    targetIds: readonly string[];
    topicArn: string | null;
    sealedSecret: string | null;
  }): Promise<WebhookRecord>;
  find(id: string): Promise<WebhookRecord | null>;
  /** In one query all that deliveries need, by the webhook's id; one that is not there is left out. */
  receivers(ids: readonly string[]): Promise<ReadonlyMap<string, WebhookReceiver>>;
  /** The secret so far stays good until `previousUntil`; one before it ends now. null when there is none. */
  rotate(id: string, sealedSecret: string, previousUntil: Date): Promise<WebhookRecord | null>;
  /** Removes it with its log; false when there is none. */
  remove(id: string): Promise<boolean>;
  /**
   * Logs deliveries, or counts further attempts of those that have the same `deliveryId`: of many at once exactly one is new, and the others wait
   * until the transaction of that one has ended. No two of the list have the same. Throws NOT_FOUND when a webhook is gone.
   * @returns in the order given
   */
  recordDeliveries(deliveries: readonly NewDelivery[]): Promise<readonly RecordedDelivery[]>;
  /** Says what came of deliveries that were new. */
  settleDeliveries(
    settled: readonly { readonly id: string; readonly scanIds: readonly string[] }[],
  ): Promise<void>;
  /** Adds to `refusedDeliveries`; true when the last audit event about that is older than `auditEveryMs`, which then counts as written now. */
  countRefused(
    id: string,
    count: number,
    at: Date,
    auditEveryMs: number,
  ): Promise<{ readonly total: number; readonly audit: boolean } | null>;
  /** Forgets deliveries from before then; how many that were. */
  trim(before: Date): Promise<number>;
}

export interface WebhookReceiver {
  readonly webhook: WebhookRecord;
  readonly sealedSecret: string | null;
  readonly previousSecret: string | null;
  readonly targets: readonly {
    readonly id: string;
    readonly platform: Platform;
    readonly config: JsonObject;
  }[];
}

export interface RecordedDelivery {
  readonly id: string;
  readonly isNew: boolean;
  /** What came of it; nothing yet when it is new. */
  readonly scanIds: readonly string[];
}

export interface NewDelivery extends Omit<WebhookDeliveryRecord, 'id' | 'scanIds'> {
  /** By which the sender knows it again, at most 255 characters; null: it has none. */
  readonly deliveryId: string | null;
}

export interface WebhookReadModel {
  /** By name. */
  webhooks(page: PageRequest): Promise<Page<WebhookRecord>>;
  /** Latest first. */
  webhookDeliveries(webhookId: string, page: PageRequest): Promise<Page<WebhookDeliveryRecord>>;
  /** The first page of several webhooks, by their id, in one query, and one more for all the totals. */
  latestDeliveries(
    webhookIds: readonly string[],
    first: number,
  ): Promise<ReadonlyMap<string, Page<WebhookDeliveryRecord>>>;
}
