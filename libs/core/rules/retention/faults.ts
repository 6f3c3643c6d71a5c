import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { Matcher } from '../../matchers/matcher.js';
import type { JsonObject } from '../../model/json.js';
import type { TagList } from '../../model/resource.js';
import type { Digests } from '../../retention/digests.js';
import type { Condemned, GroupTally, RetentionOutcome } from '../../retention/retention.js';
import { PAUSE, type Fault, type Pause, type Repair, type Subject } from '../judge.js';
import { quote } from '../quote.js';
import type { RetentionFix, RetentionParams } from './params.js';
import { describeReasons, namesLike } from './words.js';

/** Most names that one finding's evidence lists. */
const MAX_NAMES = 20;
const MAX_EXAMPLES = 5;

/** What the findings of one rule have in common. */
export interface FaultContext {
  readonly params: RetentionParams;
  readonly fix: RetentionFix;
}

/** One finding per tag, or per manifest without one, that the rule lets go. */
export function* faultsOf(
  { condemned, digests }: RetentionOutcome,
  { resource: { tags } }: Subject,
  context: FaultContext,
): Generator<Fault | Pause, void, undefined> {
  const siblings = siblingsOf(tags, digests);
  const unplaced = new Map<GroupTally, JsonObject | null>();
  const isGrouped = context.params.groupBy !== undefined;
  for (const item of condemned()) {
    if (item === PAUSE) {
      yield PAUSE;
      continue;
    }
    const { name, digest } = item.candidate;
    const known = unplaced.get(item.group);
    const said = known === undefined ? describeUnplaced(item.group) : known;
    if (known === undefined) unplaced.set(item.group, said);
    const facts = evidence(item, siblings, context.params);
    const subjectOf =
      name === null ? `The manifest ${digest ?? ''}, which has no tag,` : `The tag ${quote(name)}`;
    yield {
      tag: name,
      value: null,
      message: `${subjectOf} is ${describeReasons(item, isGrouped)}.`,
      repair: repair(item, context.fix),
      evidence: said === null ? facts : { ...facts, unplaced: said },
      discriminator: name === null ? (digest ?? '') : '',
    };
  }
}

/** The finding that stands in for all others where a pattern of `keep` matches nothing. */
export function matchesNothingFault(matching: readonly Matcher[]): Fault {
  const patterns = namesLike(matching);
  return {
    tag: null,
    value: null,
    message: `No name here is like ${patterns}, which this rule keeps; a pattern that matches nothing is taken for a slip, so everything is kept. Mend the pattern, or leave this repository out with "on".`,
    repair: null,
    evidence: {
      reason: 'KEEP_MATCHES_NOTHING',
      matching: matching.map(({ type, text }) => ({ [type]: text })),
    },
    discriminator: 'keep-matches-nothing',
  };
}

function repair({ candidate: { name, digest } }: Condemned, fix: RetentionFix): Repair | null {
  if (fix === null) return null;
  if (name !== null) {
    return { suggestion: `Untag ${quote(name)}.`, changes: [{ change: 'untag', name, digest }] };
  }
  if (fix.name === 'untag' || digest === null) return null;
  const suggestion = `Remove the manifest ${digest}; no tag and no other manifest names it.`;
  return { suggestion, changes: [{ change: 'purge', digest }] };
}

function evidence(item: Condemned, siblings: Siblings, { unit }: RetentionParams): JsonObject {
  const { candidate, group, expired, notKept } = item;
  const ranked = notKept.find((reason) => reason.why === 'not-among-newest');
  const aged =
    expired?.why === 'older-than' ? expired : notKept.find((reason) => reason.why === 'older-than');
  return {
    reason: expired === null ? 'NOT_KEPT' : notKept.length === 0 ? 'EXPIRED' : 'EXPIRED_AND_NOT_KEPT',
    unit: unit ?? 'tag',
    group: group.group,
    rank: ranked?.rank ?? null,
    of: ranked?.of ?? null,
    orderBy: ranked?.orderBy ?? null,
    ageOf: aged?.ageOf ?? null,
    date: aged?.at.toISOString() ?? null,
    digest: candidate.digest,
    siblings: siblings(item),
  };
}

/** Names that stay because no order by version has a place for them; null when there are none. */
function describeUnplaced({ unplaced }: GroupTally): JsonObject | null {
  if (unplaced.length === 0) return null;
  return { count: unplaced.length, examples: unplaced.slice(0, MAX_EXAMPLES) };
}

/** Other names of a candidate's digest, the first 20. */
type Siblings = (item: Condemned) => readonly string[];

function siblingsOf(tags: TagList, digests: Digests): Siblings {
  // Digests of many names are few, and their names are put in order once.
  const firstOfMany = new Map<number, readonly string[]>();
  return ({ index, candidate: { name, digest } }) => {
    if (digest === null) return [];
    const known = firstOfMany.get(digests.firsts[index] ?? index);
    if (known !== undefined) return firstOthers(known, name);
    const names: string[] = [];
    for (const place of digests.sharing(index)) {
      const other = tags.at(place);
      if (other !== undefined) names.push(other.name);
    }
    const first = names.sort(byCodeUnit).slice(0, MAX_NAMES + 1);
    if (names.length > MAX_NAMES) firstOfMany.set(digests.firsts[index] ?? index, first);
    return firstOthers(first, name);
  };
}

const firstOthers = (names: readonly string[], name: string | null): readonly string[] =>
  names
    .slice(0, MAX_NAMES + 1)
    .filter((other) => other !== name)
    .slice(0, MAX_NAMES);
