import type { JsonObject } from './json.js';
import type { Severity } from './severity.js';

/** One change of one label that a fix asks for; the planner makes operations of it. */
export type LabelChange =
  | { readonly change: 'set'; readonly key: string; readonly value: string }
  | { readonly change: 'rename'; readonly from: string; readonly to: string; readonly value: string }
  | { readonly change: 'remove'; readonly key: string; readonly value: string };

/** One change of one pointer. Digests are where things stood when the rule judged: whoever makes the change checks them again. */
export type PointerChange =
  /** Removes a name; what it points at stays. */
  | { readonly change: 'untag'; readonly name: string; readonly digest: string | null }
  /** Creates the name `to` where `from` points; `from` stays. */
  | { readonly change: 'alias'; readonly from: string; readonly to: string; readonly digest: string }
  /** Puts a name back where it pointed. */
  | { readonly change: 'restore'; readonly name: string; readonly digest: string; readonly to: string }
  /** Removes content that no name holds. */
  | { readonly change: 'purge'; readonly digest: string };

export type TagChange = LabelChange | PointerChange;

export function isLabelChange(change: TagChange): change is LabelChange {
  return change.change === 'set' || change.change === 'rename' || change.change === 'remove';
}

export function isPointerChange(change: TagChange): change is PointerChange {
  return !isLabelChange(change);
}

/** One fault that a rule found in one resource. What is stored adds identity, state and dates to it. */
export interface DetectedFinding {
  readonly rulePack: string;
  /** The rule's id within its pack. */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly scope: string;
  readonly resource: string;
  readonly resourceType: string;
  /** The key or the name at fault (for a missing key: the key that is missing); null when the resource as a whole is. */
  readonly tag: string | null;
  readonly value: string | null;
  /**
   * Tells apart two faults that agree in target, scope, pack, rule, resource and tag; empty when these suffice.
   * Never a value, version or date: the fingerprint must outlive them.
   */
  readonly discriminator: string;
  /** One sentence that names the fault. */
  readonly message: string;
  /** What the fix would do, in words; null when there is none. */
  readonly suggestion: string | null;
  /** The fix; empty when the rule only reports. */
  readonly changes: readonly TagChange[];
  /** The rule has a fix for this. */
  readonly fixable: boolean;
  /** Fixable, but not as things stand: `evidence.blockedBy` says why (a conflict, a protector). */
  readonly blocked: boolean;
  readonly fixAtSource: string | null;
  readonly evidence: JsonObject;
}

/** A rule that could not judge some resources because a fact is missing: neither a pass nor a finding. One entry per missing fact. */
export interface NotEvaluated {
  readonly rulePack: string;
  readonly ruleId: string;
  /** The fact that nobody gave, in words. */
  readonly needs: string;
  readonly resources: number;
}
