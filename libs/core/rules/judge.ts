import type { Matcher } from '../matchers/matcher.js';
import type { TagChange } from '../model/finding.js';
import type { JsonObject } from '../model/json.js';
import type { Platform } from '../model/platform.js';
import type { Resource, Tag, TagList } from '../model/resource.js';

/** Why a fix cannot be made as things stand. */
export interface Blocker {
  readonly code: 'VALUE_CONFLICT' | 'OBJECT_UNKNOWN' | 'PROTECTED' | 'RULE_CONFLICT' | 'ANOTHER_FIX';
  readonly message: string;
  /** Keys, rules or protectors that stand in the way. */
  readonly references: readonly string[];
}

/** What a rule would do about a fault. */
export type Repair =
  | {
      /** In words. */
      readonly suggestion: string;
      readonly changes: readonly TagChange[];
      /** Gives way to any other fix that would write the same key. */
      readonly isDefault?: boolean;
    }
  | { readonly suggestion: string; readonly blocker: Blocker };

/** One thing that is wrong with one resource. */
export interface Fault {
  /** The key or name at fault; null when the resource as a whole is. */
  readonly tag: string | null;
  readonly value: string | null;
  readonly message: string;
  /** null: the rule has no fix for this fault. */
  readonly repair: Repair | null;
  readonly evidence: JsonObject;
  /** Tells two faults of one rule on one tag apart; never a value or a date. */
  readonly discriminator?: string;
}

/** The rule cannot judge: a fact that it needs is not known. */
export interface MissingFact {
  /** The fact, in words. */
  readonly needs: string;
  /** The tag of which it is not known; null: of what has no tag. Absent: of the tag in hand, or of the resource with all its tags. */
  readonly tag?: string | null;
}

export type Verdict = Fault | MissingFact;

/** One resource as a rule sees it. */
export interface Subject {
  readonly resource: Resource;
  /** The tags that may be at fault: those that the platform keeps for itself are left out. */
  readonly tags: TagList;
  /** The scan's start. */
  readonly now: Date;
  readonly platform: Platform;
  /** The target's name. */
  readonly target: string;
  /** A tag of the resource, those that the platform keeps for itself among them; undefined when there is none of that name. */
  tag(name: string): Tag | undefined;
  /** A label's value; undefined when the resource has no such tag. */
  value(name: string): string | undefined;
  /** The platform keeps the name for itself. */
  isReserved(name: string): boolean;
  /** No plan may touch the tag, for whatever reason. */
  isProtected(name: string): boolean;
  /** A tool of the platform works by this tag; it belongs to no organisation's vocabulary. */
  isFunctional(name: string): boolean;
}

/** Judges tag by tag. `look` sees names alone and is remembered per distinct name; only what it lets through is judged. */
export interface TagJudge<Seen = unknown> {
  readonly level: 'tag';
  /** Which names concern the rule at all. */
  readonly names: 'all' | readonly Matcher[];
  /** What the name says to the rule; null when nothing. `matcher` is the index of the first of `names` that matched. Pure. */
  look(name: string, matcher: number): Seen | null;
  judge(tag: Tag, seen: Seen, subject: Subject): Verdict | null;
}

/** Said between two steps of long work, of some ten milliseconds each: whoever asked may do something else meanwhile. */
export const PAUSE = null;
export type Pause = typeof PAUSE;

/** Judges a resource with all its tags at once. */
export interface ResourceJudge {
  readonly level: 'resource';
  /**
   * Taken one after the other: a judge of very many tags finds them as they are asked for, and pauses while it looks. Asked twice about one
   * subject it says the same.
   */
  judge(subject: Subject): Iterable<Verdict | Pause>;
  /** Why the rule decided to let a tag be, in one sentence; null when it has no say on it, or has found or missed something. */
  sparing?(subject: Subject, name: string): string | null;
}

export type Judge = TagJudge | ResourceJudge;
