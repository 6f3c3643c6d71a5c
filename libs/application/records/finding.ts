import type { JsonObject, Platform, Severity, TagChange } from '#core';
import type { Label } from './target.js';

export const FINDING_STATES = ['OPEN', 'RESOLVED', 'SUPPRESSED'] as const;
export type FindingState = (typeof FINDING_STATES)[number];
export const FINDING_ORDERS = ['SEVERITY_DESC', 'FIRST_SEEN_ASC', 'LAST_SEEN_DESC'] as const;
export type FindingOrder = (typeof FINDING_ORDERS)[number];

export interface Suppression {
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** null: until it is taken back. */
  readonly until: Date | null;
}

export interface FindingRecord {
  /** The fingerprint: the same for the same fault in every scan. */
  readonly id: string;
  readonly targetId: string;
  readonly scope: string | null;
  readonly rulePack: string;
  /** The rule's id within its pack. */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly resource: string;
  readonly resourceType: string;
  readonly tag: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly suggestion: string | null;
  readonly changes: readonly TagChange[];
  readonly fixable: boolean;
  readonly blocked: boolean;
  readonly fixAtSource: string | null;
  readonly flapping: boolean;
  readonly timesReopened: number;
  readonly evidence: JsonObject;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly suppression: Suppression | null;
}

/** What is absent limits nothing; a list limits to its members; an empty list matches nothing. */
export interface FindingFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  /** `rule` or `pack/rule`. */
  readonly ruleIds?: readonly string[] | undefined;
  readonly rulePacks?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly states?: readonly FindingState[] | undefined;
  /** Labels of the target: all of them. */
  readonly labels?: readonly Label[] | undefined;
  /** Values of the owner tag that a rule pack names in `report`. */
  readonly teams?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Findings that this scan saw, opened or resolved. One that was resolved and came back since counts for the scans since it came back. */
  readonly scanId?: string | undefined;
  /** Part of resource, tag, value or message, whatever its case. */
  readonly search?: string | undefined;
  readonly fixable?: boolean | undefined;
  readonly flapping?: boolean | undefined;
}
