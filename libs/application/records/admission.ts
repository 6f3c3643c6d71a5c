import type { DetectedFinding, NotEvaluated, Severity } from '#core';
import type { RulePackRef } from './rule-pack.js';

/** What would be found if the tags were set. */
export type ProposedFinding = Pick<
  DetectedFinding,
  'ruleId' | 'rulePack' | 'severity' | 'resource' | 'tag' | 'message' | 'suggestion'
>;

/** Would these tags be allowed? */
export interface AdmissionRecord {
  /** Worst first. */
  readonly findings: readonly ProposedFinding[];
  /** Of the findings; null when there are none. */
  readonly worst: Severity | null;
  readonly notEvaluated: readonly NotEvaluated[];
  /** The versions that judged. */
  readonly rulePacks: readonly RulePackRef[];
}
