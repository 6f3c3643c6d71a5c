import type { PeriodCounts } from './report-summary.js';

export const STAT_GROUPS = ['TARGET', 'PLATFORM', 'TEAM', 'RULE', 'SEVERITY', 'LABEL'] as const;
export type StatGroup = (typeof STAT_GROUPS)[number];

/** Findings of one group over a period. */
export interface Stat extends Omit<PeriodCounts, 'suppressed'> {
  /** A target's name, `EC2`, a team (empty: no owner is known), `pack/rule`, `HIGH`, or a target's label as `key=value`. */
  readonly group: string;
  /** 0..100 at the period's end, over all tags of the group's targets; null where a group is not made of targets, or none was scanned. */
  readonly score: number | null;
}
