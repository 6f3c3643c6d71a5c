import { byCodeUnit } from '../matchers/ascii-case.js';
import { anyOf } from '../matchers/matcher-set.js';
import type { Matcher } from '../matchers/matcher.js';
import { floorOrder, leavesOf } from './floor.js';
import { groupsOf } from './groups.js';
import type { Group } from './item.js';
import { notExpired, opinions, type Opinions } from './opinion.js';
import type {
  Candidate,
  Condemned,
  KeepClause,
  Retention,
  RetentionOutcome,
  Undecided,
} from './retention.js';

export interface Inventory {
  /** Every tag of the resource, and every manifest that is held by nothing, in any order. */
  readonly candidates: readonly Candidate[];
  /** The names in which a `matching` clause has to find something. */
  readonly names: readonly string[];
}

/** What would have to be known of a name to say which manifest it belongs to. */
const WHERE_IT_POINTS = 'where the name points';
/** Said when no name at all is a version: a few that are none are ordinary, and are named with the findings. */
const A_VERSION = 'a name that is a version';

/**
 * Decides what of one resource may go. Whatever is not known keeps: an item goes only when every clause of the rule has an answer
 * for it, none keeps it, and it has expired. Free of the order of the inventory.
 */
export function decideRetention(
  retention: Retention,
  { candidates, names }: Inventory,
  now: Date,
): RetentionOutcome {
  const condemned: Condemned[] = [];
  const undecided: Undecided[] = [];
  const unknown = new Set<string>();
  const verdicts = groupsOf(candidates, retention.unit).map((group) => judgeGroup(retention, group, now));
  for (const verdict of verdicts) {
    for (const item of verdict.condemned) condemned.push(item);
    for (const item of verdict.undecided) {
      undecided.push(item);
      unknown.add(item.needs);
    }
  }
  if (verdicts.length > 0 && verdicts.every(({ isUnplaced }) => isUnplaced)) unknown.add(A_VERSION);
  const isManifest = retention.unit === 'manifest';
  if (isManifest && candidates.some((c) => c.standing === 'decided' && c.digest === null)) {
    unknown.add(WHERE_IT_POINTS);
  }
  const going = isManifest ? whollyCondemned(condemned, candidates) : condemned;
  const matchesNothing = going.length === 0 ? [] : idleMatching(retention.keep, names);
  return {
    condemned: matchesNothing.length > 0 ? [] : going,
    unknown: [...unknown].sort(byCodeUnit),
    undecided,
    matchesNothing,
  };
}

interface GroupVerdict {
  readonly condemned: readonly Condemned[];
  readonly undecided: readonly Undecided[];
  /** Not one of its names has a place in an order by version. */
  readonly isUnplaced: boolean;
}

function judgeGroup(retention: Retention, group: Group, now: Date): GroupVerdict {
  const expiry = retention.expire === null ? null : notExpired(retention.expire, group, now);
  const keep = retention.keep === null ? null : opinions(retention.keep, group, now);
  const floor = retention.floor === 0 ? null : opinions(floorClause(retention, group), group, now);
  const clauses = [expiry, keep, floor].filter((clause) => clause !== null);
  const unplaced: string[] = [];
  const tally = { group: group.name, unplaced };
  const condemned: Condemned[] = [];
  const undecided: Undecided[] = [];
  group.items.forEach(({ members }, index) => {
    if (clauses.some(({ keeps }) => keeps[index])) return;
    const unsure = clauses.filter((clause) => clause.unsure[index]);
    if (unsure.length > 0) {
      const words = unsure.flatMap((clause) => clause.unknowns(index));
      for (const needs of new Set(words)) for (const { name } of members) undecided.push({ needs, name });
      if (words.length === 0) unplaced.push(...members.flatMap(({ name }) => name ?? []));
      return;
    }
    const expired = expiry?.reasons(index)[0] ?? null;
    const notKept = reasonsOf(keep, index);
    for (const candidate of members) condemned.push({ candidate, group: tally, expired, notKept });
  });
  unplaced.sort(byCodeUnit);
  const names = group.items.reduce((sum, { members }) => sum + members.length, 0);
  return { condemned, undecided, isUnplaced: unplaced.length === names };
}

/** Counted on its own, not among what else survives: so nothing that is kept besides ever lets a newer item go. */
function floorClause(retention: Retention, group: Group): KeepClause {
  return { newest: retention.floor, orderBy: floorOrder(retention, group) };
}

const reasonsOf = (clause: Opinions | null, index: number) => clause?.reasons(index) ?? [];

/** A digest goes when all its tags go, in whatever groups they are. */
function whollyCondemned(condemned: readonly Condemned[], candidates: readonly Candidate[]): Condemned[] {
  const tags = new Map<string, number>();
  const count = (digest: string | null, by: number): void => {
    if (digest !== null) tags.set(digest, (tags.get(digest) ?? 0) + by);
  };
  for (const { digest } of candidates) count(digest, 1);
  for (const { candidate } of condemned) count(candidate.digest, -1);
  return condemned.filter(({ candidate: { digest } }) => digest !== null && tags.get(digest) === 0);
}

function idleMatching(keep: KeepClause | null, names: readonly string[]): (readonly Matcher[])[] {
  const clauses = keep === null ? [] : leavesOf(keep).filter((leaf) => 'matching' in leaf);
  return clauses.map(({ matching }) => matching).filter((matching) => !names.some(anyOf(matching)));
}
