/**
 * ACCEPTED: scans were asked for. IGNORED: good, and nothing in it concerns the targets. PING: the sender only asked whether somebody is there.
 * CONFIRMATION: somebody has to confirm a subscription; `error` says how. REFUSED: good, but its content cannot be read.
 */
export const WEBHOOK_DELIVERY_STATUSES = ['ACCEPTED', 'IGNORED', 'PING', 'CONFIRMATION', 'REFUSED'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** One line of the log of what a sender delivered. */
export interface WebhookDeliveryRecord {
  readonly id: string;
  readonly webhookId: string;
  readonly at: Date;
  /** In the sender's words: `push`, `PUSH_ARTIFACT`, `Tag Change on Resource`. */
  readonly event: string;
  readonly status: WebhookDeliveryStatus;
  /** Times that the sender delivered it. */
  readonly attempts: number;
  readonly responseCode: number | null;
  /** Why nothing came of it, or what is left to do. */
  readonly error: string | null;
  readonly scanIds: readonly string[];
}
