import { anyOf } from '../matchers/matcher-set.js';
import type { Matcher } from '../matchers/matcher.js';
import { paced, type Steps } from '../rules/steps.js';
import type { Reading } from './dates.js';
import { dateOfItem, type Group } from './item.js';
import { rank } from './ranking.js';
import type { Expiry, KeepClause, KeptBy, OrderBy, Reason } from './retention.js';

/**
 * What a clause says of every item of one group, by their index. Keeping and not knowing are two answers: what one clause does
 * not know of an item is never made up for by another one that would let it go.
 */
export interface Opinions {
  /** 1: it keeps the item. */
  readonly keeps: Uint8Array;
  /** 1: the clause, or one within it, has no answer for the item. */
  readonly unsure: Uint8Array;
  /** Why it does not keep the item. */
  reasons(index: number): readonly Reason[];
  /** Why it keeps the item. */
  kept(index: number): readonly KeptBy[];
  /** What would have to be known, in words; nothing where it is the item's name that has no place in an order. */
  unknowns(index: number): readonly string[];
}

export function* opinions(clause: KeepClause, group: Group, now: Date): Steps<Opinions> {
  if ('newest' in clause) return yield* amongNewest(clause.newest, clause.orderBy, group);
  if ('newerThan' in clause) return yield* notOlder(clause.newerThan, clause.ageOf, group, now);
  if ('matching' in clause) return yield* named(clause.matching, group);
  const inner: Opinions[] = [];
  for (const one of 'any' in clause ? clause.any : clause.all) inner.push(yield* opinions(one, group, now));
  return yield* combined(inner, 'any' in clause ? 'any' : 'all');
}

/** Keeps what has not expired. */
export const notExpired = ({ olderThan, ageOf }: Expiry, group: Group, now: Date): Steps<Opinions> =>
  notOlder(olderThan, ageOf, group, now);

/** Never cuts between equals: an item is among the newest N when fewer than N are newer. */
function* amongNewest(newest: number, orderBy: OrderBy, group: Group): Steps<Opinions> {
  const ranking = yield* rank(group, orderBy);
  const { ranks, placed } = ranking;
  return {
    keeps: yield* flags(ranks.length, (index) => (ranks[index] ?? 0) > 0 && (ranks[index] ?? 0) <= newest),
    unsure: yield* flags(ranks.length, (index) => ranks[index] === 0),
    reasons: (index) => [{ why: 'not-among-newest', newest, orderBy, rank: ranks[index] ?? 0, of: placed }],
    kept: (index) => [{ why: 'among-newest', newest, orderBy, rank: ranks[index] ?? 0, of: placed }],
    unknowns: (index) => asList(ranking.unknown(index)),
  };
}

/** Exactly as old as the age is not older. */
function* notOlder(age: number, ageOf: Expiry['ageOf'], group: Group, now: Date): Steps<Opinions> {
  const { length } = group.items;
  const limit = now.getTime() - age;
  const keeps = new Uint8Array(length);
  const unsure = new Uint8Array(length);
  yield* paced(length, (index) => {
    const reading = dateOfItem(group, index, ageOf);
    if ('unknown' in reading) unsure[index] = 1;
    else if (reading.at >= limit) keeps[index] = 1;
  });
  const read = (index: number): Reading => dateOfItem(group, index, ageOf);
  return {
    keeps,
    unsure,
    reasons(index) {
      const reading = read(index);
      return 'at' in reading ? [{ why: 'older-than', age, ageOf, at: new Date(reading.at) }] : [];
    },
    kept(index) {
      const reading = read(index);
      return 'at' in reading ? [{ why: 'not-older', age, ageOf, at: new Date(reading.at) }] : [];
    },
    unknowns(index) {
      const reading = read(index);
      return 'unknown' in reading ? [reading.unknown] : [];
    },
  };
}

function* named(matching: readonly Matcher[], { items, columns }: Group): Steps<Opinions> {
  const matches = anyOf(matching);
  const keeps = new Uint8Array(items.length);
  yield* paced(items.length, (index) => {
    const isNamed = items.of(index).some((member) => {
      const { name } = columns.candidate(member);
      return name !== null && matches(name);
    });
    if (isNamed) keeps[index] = 1;
  });
  return {
    keeps,
    unsure: new Uint8Array(items.length),
    reasons: () => [{ why: 'matches-none', matching }],
    kept: () => [{ why: 'matches', matching }],
    unknowns: () => [],
  };
}

/** The reasons are those of the clauses that do not keep: all of `any`, at least one of `all`; likewise of those that keep. */
function* combined(clauses: readonly Opinions[], which: 'any' | 'all'): Steps<Opinions> {
  const length = clauses[0]?.keeps.length ?? 0;
  return {
    keeps: yield* flags(length, (index) =>
      which === 'any'
        ? clauses.some(({ keeps }) => keeps[index] === 1)
        : clauses.every(({ keeps }) => keeps[index] === 1),
    ),
    unsure: yield* flags(length, (index) => clauses.some(({ unsure }) => unsure[index] === 1)),
    reasons: (index) => clauses.flatMap((clause) => (clause.keeps[index] === 1 ? [] : clause.reasons(index))),
    kept: (index) => clauses.flatMap((clause) => (clause.keeps[index] === 1 ? clause.kept(index) : [])),
    unknowns: (index) =>
      clauses.flatMap((clause) => (clause.unsure[index] === 1 ? clause.unknowns(index) : [])),
  };
}

function* flags(length: number, test: (index: number) => boolean): Steps<Uint8Array> {
  const found = new Uint8Array(length);
  yield* paced(length, (index) => {
    if (test(index)) found[index] = 1;
  });
  return found;
}

const asList = <T>(item: T | null): T[] => (item === null ? [] : [item]);
