import type { RuleSummary } from '#core';

/** One version of a rule pack; each version has its own id and is never edited. */
export interface RulePackRecord {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly document: string;
  readonly rules: readonly RuleSummary[];
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface RulePackRef {
  readonly name: string;
  readonly version: number;
}
