/** What sends. Each kind proves itself, and names what changed, in its own way. */
export const WEBHOOK_KINDS = [
  'GENERIC',
  'GITHUB',
  'GITLAB',
  'DISTRIBUTION',
  'HARBOR',
  'EVENTBRIDGE',
  'SNS',
] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** A webhook as anybody may see it: the secret is not part of the type. */
export interface WebhookRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: WebhookKind;
  /** Those that are still there. */
  readonly targetIds: readonly string[];
  /** SNS: the one topic that is listened to. */
  readonly topicArn: string | null;
  readonly createdAt: Date;
  readonly lastDeliveryAt: Date | null;
  /** Until then the secret before the last rotation is taken, too. */
  readonly previousSecretUntil: Date | null;
  /** Deliveries without a good signature since it was made. They leave no other trace but an audit event a minute. */
  readonly refusedDeliveries: number;
}
