import type { Platform, Severity } from '#core';
import type { FindingRecord } from './finding.js';
import type { ScanStatus } from './scan.js';
import type { TargetRecord } from './target.js';

/** Counts of findings over a period: open and suppressed as they stand at its end, new and resolved as they came within it. */
export interface PeriodCounts {
  readonly open: number;
  /** Found for the first time, or back after having been resolved. */
  readonly new: number;
  readonly resolved: number;
  readonly suppressed: number;
}

/** One point of a score's history. */
export interface ScorePoint {
  readonly at: Date;
  /** 0..100. */
  readonly score: number;
  readonly open: number;
}

export interface TargetSummary extends PeriodCounts {
  readonly targetId: string;
  /** What the score is a share of: tags, and required ones that are missing. */
  readonly tags: number;
  /** 0..100; null before the first scan. */
  readonly score: number | null;
  /** As the period began; null when nothing was known then. */
  readonly scoreBefore: number | null;
  /** The last scan that ended before the period did. */
  readonly lastScan: { readonly status: ScanStatus; readonly finishedAt: Date } | null;
}

export interface PackChange {
  readonly name: string;
  /** null: the pack is new. */
  readonly fromVersion: number | null;
  /** null: the pack was removed. */
  readonly toVersion: number | null;
  readonly at: Date;
  readonly by: string;
  /** Ids of rules within the pack. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What a report over a period is made of, beside its findings. */
export interface ReportSummary {
  /** By name. */
  readonly targets: readonly TargetRecord[];
  /** At the period's end, over all tags of the targets, by the formula of the hygiene score; null when nothing was scanned. */
  readonly score: number | null;
  /** As the period began. */
  readonly scoreBefore: number | null;
  /** Oldest first, from some periods before this one up to its end; one point a day at most. */
  readonly trend: readonly ScorePoint[];
  /** The sum over the targets. */
  readonly tags: number;
  readonly totals: PeriodCounts & {
    /** Open findings that have come and gone before. */
    readonly flapping: number;
    /** Open findings that a rule can fix as things stand. */
    readonly fixable: number;
  };
  /** Most severe first, each severity once. */
  readonly bySeverity: readonly (PeriodCounts & { readonly severity: Severity })[];
  /** Rules with a finding in the period, most open ones first. */
  readonly byRule: readonly (PeriodCounts & {
    readonly rulePack: string;
    readonly ruleId: string;
    /** As the pack says; the rule's id when its pack is gone. */
    readonly title: string;
    /** The worst of its findings. */
    readonly severity: Severity;
  })[];
  /** In the order of `targets`. */
  readonly byTarget: readonly TargetSummary[];
  readonly byPlatform: readonly (PeriodCounts & {
    readonly platform: Platform;
    readonly targets: number;
    readonly score: number | null;
  })[];
  /** Most open ones first, a hundred at most; `team` null: no owner is known. */
  readonly byTeam: readonly (PeriodCounts & { readonly team: string | null })[];
  /** Teams that are not listed. */
  readonly teamsBeyond: number;
  /** Open findings that are known for the longest time, the oldest first, ten at most. */
  readonly oldest: readonly FindingRecord[];
  /** Parts that the last scan of a target could not read: the last one of the whole target, if there is one. */
  readonly errors: readonly {
    readonly targetId: string;
    readonly scope: string | null;
    readonly code: string;
    readonly message: string;
  }[];
  /** Rules that the same scan could not judge, as a fact was missing. */
  readonly notEvaluated: readonly {
    readonly targetId: string;
    readonly rulePack: string;
    readonly ruleId: string;
    readonly needs: string;
    readonly resources: number;
  }[];
  /** Versions stored and packs removed in the period, oldest first; the last 500. */
  readonly packChanges: readonly PackChange[];
}
