import type { Matcher } from '../matchers/matcher.js';
import type { AgeOf, TagDate } from '../rules/age.js';
import type { Pause } from '../rules/judge.js';
import type { Digests } from './digests.js';

/** What makes one of two items the newer one: the higher version, the later date, or the name that sorts last. */
export type OrderBy = 'semver' | 'calver' | 'name' | AgeOf;

/** One reason to keep, or several put together. */
export type KeepClause =
  | { readonly newest: number; readonly orderBy: OrderBy }
  /** An age in milliseconds. */
  | { readonly newerThan: number; readonly ageOf: AgeOf }
  | { readonly matching: readonly Matcher[] }
  | { readonly any: readonly KeepClause[] }
  | { readonly all: readonly KeepClause[] };

export interface Expiry {
  /** An age in milliseconds; what is exactly that old has not expired. */
  readonly olderThan: number;
  readonly ageOf: AgeOf;
}

/** What is to stay and what may go. At least one of `keep` and `expire` is there. */
export interface Retention {
  readonly unit: 'tag' | 'manifest';
  /** Kept, whatever `expire` says; null: nothing is kept but what has not expired. */
  readonly keep: KeepClause | null;
  /** null: everything that is not kept goes. */
  readonly expire: Expiry | null;
  /** So many of the newest of each group stay, whatever `keep` and `expire` say. */
  readonly floor: number;
}

/** A tag, or a manifest without one, as retention sees it. */
export interface Candidate {
  /** null for a manifest without a tag. */
  readonly name: string | null;
  readonly digest: string | null;
  /** null: the name is of no group; all such candidates form one. */
  readonly group: string | null;
  /** The part of the name that is read as a version. */
  readonly version: string;
  /**
   * `decided`: may go. `held`: the rule selects it, but it stays: it is protected, or a rule before this one owns it; it takes no
   * place in a ranking. `outside`: the rule does not select it.
   */
  readonly standing: 'decided' | 'held' | 'outside';
  /** Whether the date is there and can be trusted, as far as the candidate alone shows. */
  date(of: AgeOf): TagDate;
}

/** Why a candidate is not kept. */
export type Reason =
  | { readonly why: 'older-than'; readonly age: number; readonly ageOf: AgeOf; readonly at: Date }
  | {
      readonly why: 'not-among-newest';
      readonly newest: number;
      readonly orderBy: OrderBy;
      /** 1 for the newest; equals share the best rank. */
      readonly rank: number;
      /** How many were ranked. */
      readonly of: number;
    }
  | { readonly why: 'matches-none'; readonly matching: readonly Matcher[] };

/** Why a candidate is kept. */
export type KeptBy =
  | { readonly why: 'not-older'; readonly age: number; readonly ageOf: AgeOf; readonly at: Date }
  | {
      readonly why: 'among-newest';
      readonly newest: number;
      readonly orderBy: OrderBy;
      readonly rank: number;
      readonly of: number;
    }
  | { readonly why: 'matches'; readonly matching: readonly Matcher[] };

/** What spares a candidate; null in the place of reasons where its manifest stays because another of its tags does. */
export interface Kept {
  readonly by: 'expire' | 'keep' | 'floor' | 'sibling';
  readonly group: string | null;
  readonly reasons: readonly KeptBy[];
}

export interface Condemned {
  /** Of the candidate. */
  readonly index: number;
  readonly candidate: Candidate;
  readonly group: GroupTally;
  /** Why it has expired; null when the rule has no `expire`. */
  readonly expired: Reason | null;
  /** Why nothing keeps it; empty when the rule has no `keep`. */
  readonly notKept: readonly Reason[];
}

/** What can be said of a group as a whole. */
export interface GroupTally {
  readonly group: string | null;
  /** Names that an order by version could not place, and that stay for that reason. */
  readonly unplaced: readonly string[];
}

/** A candidate that stays because something is not known of it. */
export interface Undecided {
  readonly needs: string;
  /** null: a manifest without a tag. */
  readonly name: string | null;
}

export interface RetentionOutcome {
  /** In an order that says nothing; found as they are asked for. */
  readonly condemned: () => Iterable<Condemned | Pause>;
  /** What would have to be known to decide about the candidates that stay because it is not; in words, sorted, each once. */
  readonly unknown: readonly string[];
  /** The candidates that stay for want of a date or a place, in an order that says nothing; one may be there for several wants. */
  readonly undecided: () => Iterable<Undecided | Pause>;
  /**
   * `matching` clauses that match nothing of the resource, when something would have gone. Then nothing goes: a pattern that
   * matches nothing is a slip of the pen, not the wish to delete all.
   */
  readonly matchesNothing: readonly (readonly Matcher[])[];
  /** Why a candidate is kept; null for one that is not decided over, goes, or stays for want of something. */
  readonly keptBy: (candidate: number) => Kept | null;
  /** Which candidates have one digest. */
  readonly digests: Digests;
}
