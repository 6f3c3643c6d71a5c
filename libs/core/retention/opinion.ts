import { anyOf } from '../matchers/matcher-set.js';
import type { Matcher } from '../matchers/matcher.js';
import type { Reading } from './dates.js';
import { dateOfItem, type Group } from './item.js';
import { rank } from './ranking.js';
import type { Expiry, KeepClause, OrderBy, Reason } from './retention.js';

/**
 * What a clause says of every item of one group, by their index. Keeping and not knowing are two answers: what one clause does
 * not know of an item is never made up for by another one that would let it go.
 */
export interface Opinions {
  readonly keeps: readonly boolean[];
  /** The clause, or one within it, has no answer for the item. */
  readonly unsure: readonly boolean[];
  /** Why it does not keep the item. */
  reasons(index: number): readonly Reason[];
  /** What would have to be known, in words; nothing where it is the item's name that has no place in an order. */
  unknowns(index: number): readonly string[];
}

export function opinions(clause: KeepClause, group: Group, now: Date): Opinions {
  if ('newest' in clause) return amongNewest(clause.newest, clause.orderBy, group);
  if ('newerThan' in clause) return notOlder(clause.newerThan, clause.ageOf, group, now);
  if ('matching' in clause) return named(clause.matching, group);
  if ('any' in clause) {
    return combined(
      clause.any.map((inner) => opinions(inner, group, now)),
      (clauses, index) => clauses.some(({ keeps }) => keeps[index]),
    );
  }
  return combined(
    clause.all.map((inner) => opinions(inner, group, now)),
    (clauses, index) => clauses.every(({ keeps }) => keeps[index]),
  );
}

/** Keeps what has not expired. */
export const notExpired = ({ olderThan, ageOf }: Expiry, group: Group, now: Date): Opinions =>
  notOlder(olderThan, ageOf, group, now);

/** Never cuts between equals: an item is among the newest N when fewer than N are newer. */
function amongNewest(newest: number, orderBy: OrderBy, group: Group): Opinions {
  const ranking = rank(group, orderBy);
  const { ranks, placed } = ranking;
  return {
    keeps: ranks.map((place) => place > 0 && place <= newest),
    unsure: ranks.map((place) => place === 0),
    reasons: (index) => [{ why: 'not-among-newest', newest, orderBy, rank: ranks[index] ?? 0, of: placed }],
    unknowns: (index) => asList(ranking.unknown(index)),
  };
}

/** Exactly as old as the age is not older. */
function notOlder(age: number, ageOf: Expiry['ageOf'], group: Group, now: Date): Opinions {
  const readings = group.items.map((item) => dateOfItem(item, ageOf, group.dates));
  const limit = now.getTime() - age;
  return {
    keeps: readings.map((reading) => 'at' in reading && reading.at >= limit),
    unsure: readings.map((reading) => 'unknown' in reading),
    reasons: (index) =>
      asList(readings[index]).flatMap((reading) =>
        'at' in reading ? [{ why: 'older-than', age, ageOf, at: new Date(reading.at) }] : [],
      ),
    unknowns: (index) =>
      asList(readings[index]).flatMap((reading: Reading) => ('unknown' in reading ? [reading.unknown] : [])),
  };
}

function named(matching: readonly Matcher[], { items }: Group): Opinions {
  const matches = anyOf(matching);
  return {
    keeps: items.map(({ members }) => members.some(({ name }) => name !== null && matches(name))),
    unsure: items.map(() => false),
    reasons: () => [{ why: 'matches-none', matching }],
    unknowns: () => [],
  };
}

/** The reasons are those of the clauses that do not keep: all of `any`, at least one of `all`. */
function combined(
  clauses: readonly Opinions[],
  keeps: (clauses: readonly Opinions[], index: number) => boolean,
): Opinions {
  const items = clauses[0]?.keeps ?? [];
  return {
    keeps: items.map((_, index) => keeps(clauses, index)),
    unsure: items.map((_, index) => clauses.some(({ unsure }) => unsure[index])),
    reasons: (index) => clauses.flatMap((clause) => (clause.keeps[index] ? [] : clause.reasons(index))),
    unknowns: (index) => clauses.flatMap((clause) => (clause.unsure[index] ? clause.unknowns(index) : [])),
  };
}

const asList = <T>(item: T | null | undefined): T[] => (item === null || item === undefined ? [] : [item]);
