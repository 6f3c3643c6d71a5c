import { byCodeUnit } from '../matchers/ascii-case.js';
import { anyOf } from '../matchers/matcher-set.js';
import type { Matcher } from '../matchers/matcher.js';
import { PAUSE } from '../rules/judge.js';
import { atOnce, type Steps } from '../rules/steps.js';
import type { Candidates } from './candidates.js';
import { Columns } from './columns.js';
import { agesOf, floorOrder, leavesOf } from './floor.js';
import { groupsOf } from './groups.js';
import type { Group } from './item.js';
import { notExpired, opinions, type Opinions } from './opinion.js';
import type { Condemned, Kept, KeepClause, Retention, RetentionOutcome, Undecided } from './retention.js';

export interface Inventory {
  /** Every tag of the resource, and every manifest that is held by nothing, in any order. */
  readonly candidates: Candidates;
  /** The names in which a `matching` clause has to find something. */
  readonly names: Iterable<string>;
}

/** What would have to be known of a name to say which manifest it belongs to. */
const WHERE_IT_POINTS = 'where the name points';
/** Said when no name at all is a version: a few that are none are ordinary, and are named with the findings. */
const A_VERSION = 'a name that is a version';

/** What becomes of a candidate: nothing is held of it but that. */
const [CONDEMNED, UNDECIDED] = [1, 2];
/** Candidates whose groups may be judged between two pauses. */
const CANDIDATES_A_STEP = 1_000;

/** As `decideInSteps`, all at once. */
export function decideRetention(retention: Retention, inventory: Inventory, now: Date) {
  const { condemned, undecided, unknown, matchesNothing } = atOnce(decideInSteps(retention, inventory, now));
  return {
    condemned: [...condemned()].flatMap((one) => (one === PAUSE ? [] : withoutIndex(one))),
    unknown,
    undecided: [...undecided()].filter((one) => one !== PAUSE),
    matchesNothing,
  };
}

const withoutIndex = ({ index: _, ...condemned }: Condemned): Omit<Condemned, 'index'> => condemned;

/**
 * Decides what of one resource may go. Whatever is not known keeps: an item goes only when every clause of the rule has an answer
 * for it, none keeps it, and it has expired. Free of the order of the inventory.
 */
export function* decideInSteps(
  retention: Retention,
  { candidates, names }: Inventory,
  now: Date,
): Steps<RetentionOutcome> {
  const columns = yield* Columns.of(candidates, agesOf(retention));
  const fates = new Uint8Array(candidates.length);
  const unknown = new Set<string>();
  const pace = new Pace();
  let groups = 0;
  let unplaced = 0;
  for (const group of groupsOf(columns, retention.unit)) {
    if (pace.isTime(group)) yield PAUSE;
    const verdict = yield* judgeGroup(retention, group, now);
    for (const one of verdict.undecided()) unknown.add(one.needs);
    verdict.note(fates);
    groups += 1;
    if (verdict.unplaced.length === group.items.size) unplaced += 1;
  }
  if (groups > 0 && groups === unplaced) unknown.add(A_VERSION);
  if (retention.unit === 'manifest') {
    if (pointsNowhere(columns)) unknown.add(WHERE_IT_POINTS);
    spareHalfCondemned(columns, fates);
  }
  const isAnyGoing = fates.includes(CONDEMNED);
  const matchesNothing = isAnyGoing ? yield* idleMatching(retention.keep, names) : [];
  const again = { retention, columns, fates, now };
  return {
    condemned: () => (matchesNothing.length > 0 || !isAnyGoing ? [] : tellCondemned(again)),
    unknown: [...unknown].sort(byCodeUnit),
    undecided: () => (fates.includes(UNDECIDED) ? tellUndecided(again) : []),
    matchesNothing,
    keptBy: (candidate) => (matchesNothing.length > 0 ? null : keptBy(again, candidate)),
    digests: columns.digests,
  };
}

/** A decision that was made, to be told: groups are judged once more, so that nothing need be held of each candidate. */
interface Decided {
  readonly retention: Retention;
  readonly columns: Columns;
  readonly fates: Uint8Array;
  readonly now: Date;
}

function* tellCondemned({ retention, columns, fates, now }: Decided) {
  const pace = new Pace();
  for (const group of groupsOf(columns, retention.unit)) {
    if (pace.isTime(group)) yield PAUSE;
    const verdict = yield* judgeGroup(retention, group, now);
    yield* verdict.condemned((candidate) => fates[candidate] === CONDEMNED);
  }
}

function* tellUndecided({ retention, columns, now }: Decided) {
  const pace = new Pace();
  for (const group of groupsOf(columns, retention.unit)) {
    if (pace.isTime(group)) yield PAUSE;
    const verdict = yield* judgeGroup(retention, group, now);
    yield* verdict.undecided();
  }
}

/** Only the group of the candidate is judged again. */
function keptBy({ retention, columns, fates, now }: Decided, candidate: number): Kept | null {
  const isDecided = columns.standings[candidate] === Columns.STANDINGS.indexOf('decided');
  if (!isDecided || fates[candidate] !== 0) return null;
  for (const group of groupsOf(columns, retention.unit)) {
    const item = itemOf(group, candidate);
    if (item !== null) return atOnce(judgeGroup(retention, group, now)).keptBy(item);
  }
  const isPointing = columns.candidate(candidate).digest !== null;
  return isPointing ? { by: 'sibling', group: null, reasons: [] } : null;
}

function itemOf({ selected, items }: Group, candidate: number): number | null {
  if (!selected.includes(candidate)) return null;
  for (let item = 0; item < items.length; item += 1) if (items.of(item).includes(candidate)) return item;
  return null;
}

/** Says when it is time for a pause between groups. */
class Pace {
  private seen = 0;

  isTime({ selected }: Group): boolean {
    this.seen += selected.length;
    if (this.seen < CANDIDATES_A_STEP) return false;
    this.seen = 0;
    return true;
  }
}

function* judgeGroup(retention: Retention, group: Group, now: Date): Steps<GroupVerdict> {
  const expiry = retention.expire === null ? null : yield* notExpired(retention.expire, group, now);
  const keep = retention.keep === null ? null : yield* opinions(retention.keep, group, now);
  const floor = retention.floor === 0 ? null : yield* opinions(floorClause(retention, group), group, now);
  return new GroupVerdict(group, { expiry, keep, floor });
}

class GroupVerdict {
  /** By item. */
  private readonly fates: Uint8Array;
  /** Names that an order by version could not place, sorted. */
  readonly unplaced: readonly string[];
  private readonly clauses: readonly Opinions[];

  constructor(
    private readonly group: Group,
    private readonly said: {
      readonly expiry: Opinions | null;
      readonly keep: Opinions | null;
      readonly floor: Opinions | null;
    },
  ) {
    this.clauses = [said.expiry, said.keep, said.floor].filter((clause) => clause !== null);
    this.fates = new Uint8Array(group.items.length);
    for (let item = 0; item < this.fates.length; item += 1) this.fates[item] = this.fateOf(item);
    this.unplaced = this.namesWithoutPlace().sort(byCodeUnit);
  }

  /** Notes the fate of each candidate. */
  note(fates: Uint8Array): void {
    const { items } = this.group;
    for (let item = 0; item < items.length; item += 1) {
      const fate = this.fates[item] ?? 0;
      if (fate !== 0) items.eachOf(item, (member) => (fates[member] = fate));
    }
  }

  *condemned(isGoing: (candidate: number) => boolean): Generator<Condemned, void, undefined> {
    const { items, columns, name } = this.group;
    const tally = { group: name, unplaced: this.unplaced };
    for (let item = 0; item < items.length; item += 1) {
      if (this.fates[item] !== CONDEMNED) continue;
      const expired = this.said.expiry?.reasons(item)[0] ?? null;
      const notKept = this.said.keep?.reasons(item) ?? [];
      for (const member of items.of(item)) {
        if (!isGoing(member)) continue;
        yield { index: member, candidate: columns.candidate(member), group: tally, expired, notKept };
      }
    }
  }

  /** Of an item that stays. */
  keptBy(item: number): Kept {
    for (const by of ['keep', 'expiry', 'floor'] as const) {
      const clause = this.said[by];
      if (clause?.keeps[item] !== 1) continue;
      const reasons = clause.kept(item);
      return { by: by === 'expiry' ? 'expire' : by, group: this.group.name, reasons };
    }
    return { by: 'sibling', group: this.group.name, reasons: [] };
  }

  *undecided(): Generator<Undecided, void, undefined> {
    const { items, columns } = this.group;
    for (let item = 0; item < items.length; item += 1) {
      if (this.fates[item] !== UNDECIDED) continue;
      for (const needs of new Set(this.wordsOf(item)))
        for (const member of items.of(item)) yield { needs, name: columns.candidate(member).name };
    }
  }

  private fateOf(item: number): number {
    let fate = CONDEMNED;
    for (const { keeps, unsure } of this.clauses) {
      if (keeps[item] === 1) return 0;
      if (unsure[item] === 1) fate = UNDECIDED;
    }
    return fate;
  }

  private wordsOf(item: number): readonly string[] {
    return this.clauses.flatMap((clause) => (clause.unsure[item] === 1 ? clause.unknowns(item) : []));
  }

  private namesWithoutPlace(): string[] {
    const { items, columns } = this.group;
    const names: string[] = [];
    this.fates.forEach((fate, item) => {
      if (fate !== UNDECIDED || this.wordsOf(item).length > 0) return;
      for (const member of items.of(item)) {
        const { name } = columns.candidate(member);
        if (name !== null) names.push(name);
      }
    });
    return names;
  }
}

/** Counted on its own, not among what else survives: so nothing that is kept besides ever lets a newer item go. */
function floorClause(retention: Retention, group: Group): KeepClause {
  return { newest: retention.floor, orderBy: floorOrder(retention, group) };
}

function pointsNowhere({ standings, candidates }: Columns): boolean {
  const decided = Columns.STANDINGS.indexOf('decided');
  return standings.some((standing, index) => standing === decided && candidates.at(index)?.digest === null);
}

/** A digest goes when all its tags go, in whatever groups they are. */
function spareHalfCondemned({ digests: { firsts } }: Columns, fates: Uint8Array): void {
  const isStaying = new Uint8Array(fates.length);
  firsts.forEach((first, index) => {
    if (fates[index] !== CONDEMNED) isStaying[first] = 1;
  });
  firsts.forEach((first, index) => {
    if (fates[index] === CONDEMNED && isStaying[first] === 1) fates[index] = 0;
  });
}

function* idleMatching(keep: KeepClause | null, names: Iterable<string>): Steps<(readonly Matcher[])[]> {
  const clauses = keep === null ? [] : leavesOf(keep).filter((leaf) => 'matching' in leaf);
  let idle = clauses.map(({ matching }) => ({ matching, matches: anyOf(matching) }));
  let seen = 0;
  if (idle.length === 0) return [];
  for (const name of names) {
    idle = idle.filter(({ matches }) => !matches(name));
    if (idle.length === 0) return [];
    if ((seen += 1) % CANDIDATES_A_STEP === 0) yield PAUSE;
  }
  return idle.map(({ matching }) => matching);
}
