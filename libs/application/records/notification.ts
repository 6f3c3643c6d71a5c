import type { Platform } from '#core';
import type { Count, ScanStatus } from './scan.js';

export const CHANNEL_KINDS = ['WEBHOOK', 'SLACK', 'EMAIL'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
export const NOTIFICATION_EVENTS = [
  'SCAN_DONE',
  'SCAN_FAILED',
  'PLAN_AWAITING_APPROVAL',
  'GRACE_ENDING',
  'SCORE_FALLEN',
  'REPORT_READY',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export interface NotificationChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly events: readonly NotificationEvent[];
  readonly enabled: boolean;
  /** As much of the address as is no secret: the mailbox, or where a URL leads without its path. */
  readonly address: string;
  readonly createdAt: Date;
}

/** What happened, as it was at that moment. JSON; texts of platforms in it are cut, so that a message stays small. */
export type News =
  | { readonly event: 'SCAN_DONE' | 'SCAN_FAILED'; readonly data: ScanNews }
  | { readonly event: 'SCORE_FALLEN'; readonly data: ScoreNews }
  | { readonly event: 'REPORT_READY'; readonly data: ReportNews };

export interface NewsTarget {
  readonly id: string;
  readonly name: string;
  readonly platform: Platform;
}

export interface ScanNews {
  readonly target: NewsTarget;
  readonly scan: {
    readonly id: string;
    readonly status: ScanStatus;
    readonly resources: number;
    readonly tags: number;
    readonly open: number;
    readonly new: number;
    readonly resolved: number;
    readonly bySeverity: readonly Count[];
    /** How many there are. */
    readonly errors: number;
    /** The first few. */
    readonly firstErrors: readonly { readonly code: string; readonly message: string }[];
  };
  /** 0..100; null before the first scan that read something. */
  readonly score: number | null;
  readonly previousScore: number | null;
}

export interface ScoreNews {
  readonly target: NewsTarget;
  readonly scan: { readonly id: string; readonly open: number; readonly new: number };
  readonly score: number;
  /** The best since the last time a fall was told. */
  readonly previousScore: number;
}

export interface ReportNews {
  readonly report: {
    readonly id: string;
    /** RFC 3339 */
    readonly from: string;
    readonly to: string;
    /** How many targets it was asked for; null: all. */
    readonly targets: number | null;
    readonly score: number | null;
    readonly totals: readonly Count[];
    readonly formats: readonly string[];
  };
}
