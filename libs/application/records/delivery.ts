export const DELIVERY_STATUSES = ['QUEUED', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One line of a delivery log. */
export interface DeliveryRecord {
  readonly id: string;
  readonly at: Date;
  readonly event: string;
  readonly status: string;
  readonly attempts: number;
  /** What the other side answered last: a status of HTTP or SMTP. */
  readonly responseCode: number | null;
  /** Why it did not work last, in Tagward's words. */
  readonly error: string | null;
  /** The scans it is about. */
  readonly scanIds: readonly string[];
}
