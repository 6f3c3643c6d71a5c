import type { NotEvaluated, ScanError } from '#core';
import type { RulePackRef } from './rule-pack.js';

export const SCAN_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];
export const SCAN_TRIGGERS = ['MANUAL', 'SCHEDULE', 'WEBHOOK', 'RECONCILE', 'VERIFY'] as const;
export type ScanTrigger = (typeof SCAN_TRIGGERS)[number];

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface FindingCounts {
  /** Open findings of the target's scanned rules after the scan. */
  readonly open: number;
  /** Found for the first time, or come back after having been resolved. */
  readonly new: number;
  readonly resolved: number;
  /** Of the open ones. `name` is the severity in lower case. */
  readonly bySeverity: readonly Count[];
  /** Of the open ones. `name` is `pack/rule`. */
  readonly byRule: readonly Count[];
}

export interface ScanRecord {
  readonly id: string;
  readonly targetId: string;
  readonly status: ScanStatus;
  readonly trigger: ScanTrigger;
  /** The versions it ran (asked for, until it starts). */
  readonly rulePacks: readonly RulePackRef[];
  /** Resources it is limited to; null: the whole target. */
  readonly scopes: readonly string[] | null;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly resources: number;
  readonly tags: number;
  readonly counts: FindingCounts;
  readonly notEvaluated: readonly NotEvaluated[];
  readonly errors: readonly ScanError[];
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export function isFinished(status: ScanStatus): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}
