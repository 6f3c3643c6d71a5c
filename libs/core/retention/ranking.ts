import { byCodeUnit } from '../matchers/ascii-case.js';
import { paced, sortedTexts, type Steps } from '../rules/steps.js';
import { versionKey } from '../versions/version-key.js';
import { parseCalver, parseSemver, type Version } from '../versions/version.js';
import { dateOfItem, type Group } from './item.js';
import type { OrderBy } from './retention.js';

/** The items of a group from newest to oldest, by their index. */
export interface Ranking {
  /** 1 and up, one more than there are newer items, so that equals share a rank; 0 for an item that has no place. */
  readonly ranks: Uint32Array;
  /** How many have a place. */
  readonly placed: number;
  /** What would have to be known to place the item; null when it has a place, or when its name has none in this order. */
  unknown(index: number): string | null;
}

/** Ranks by date, version or name. No item is guessed a place: without a date to trust, or a version, it has none. */
export function* rank(group: Group, orderBy: OrderBy): Steps<Ranking> {
  if (orderBy === 'semver') return yield* byName(group, highest(parseSemver));
  if (orderBy === 'calver') return yield* byName(group, highest(parseCalver));
  if (orderBy === 'name') return yield* byName(group, lastName);
  const { items } = group;
  const dates = new Float64Array(items.length);
  yield* paced(items.length, (item) => {
    const reading = dateOfItem(group, item, orderBy);
    dates[item] = 'at' in reading ? reading.at : Number.NaN;
  });
  const sorted = placedOf(dates);
  const ranks = new Uint32Array(items.length);
  yield* paced(items.length, (item) => {
    const date = dates[item] ?? Number.NaN;
    if (!Number.isNaN(date)) ranks[item] = 1 + newerThan(sorted, date);
  });
  return {
    ranks,
    placed: sorted.length,
    unknown(item) {
      const reading = dateOfItem(group, item, orderBy);
      return 'unknown' in reading ? reading.unknown : null;
    },
  };
}

/** The dates that are known, ascending: typed arrays put what is no number last. */
function placedOf(dates: Float64Array): Float64Array {
  const sorted = dates.slice().sort();
  let placed = sorted.length;
  while (placed > 0 && Number.isNaN(sorted[placed - 1])) placed -= 1;
  return sorted.subarray(0, placed);
}

/** @param placeOf a text that orders by its code units; null: no place */
function* byName(group: Group, placeOf: (names: readonly Named[]) => string | null): Steps<Ranking> {
  const { items } = group;
  const places: (string | null)[] = [];
  yield* paced(items.length, (item) => places.push(placeOf(namesOf(group, item))));
  const sorted = yield* sortedTexts(places.filter((place) => place !== null));
  const ranks = new Uint32Array(items.length);
  yield* paced(items.length, (item) => {
    const place = places[item] ?? null;
    if (place !== null) ranks[item] = 1 + newerThan(sorted, place);
  });
  return {
    ranks,
    placed: sorted.length,
    unknown: (item) =>
      namesOf(group, item).some(({ name }) => name === null) ? 'a name to order it by' : null,
  };
}

interface Named {
  readonly name: string | null;
  readonly version: string;
}

const namesOf = ({ items, columns }: Group, item: number): readonly Named[] =>
  Array.from(items.of(item), (member) => columns.candidate(member));

/** How many of what is in ascending order come after it. */
function newerThan<T extends number | string>(ascending: ArrayLike<T>, place: T): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const found = ascending[middle] as T;
    if (found <= place) from = middle + 1;
    else to = middle;
  }
  return ascending.length - from;
}

/** The highest version among the item's names; none when one of the names is no version. */
const highest =
  (parse: (name: string) => Version | null) =>
  (names: readonly Named[]): string | null => {
    let best: string | null = null;
    for (const { name, version } of names) {
      const read = name === null ? null : parse(version);
      if (read === null) return null;
      const key = versionKey(read);
      if (best === null || key > best) best = key;
    }
    return best;
  };

function lastName(names: readonly Named[]): string | null {
  let last: string | null = null;
  for (const { name } of names) {
    if (name === null) return null;
    if (last === null || byCodeUnit(name, last) > 0) last = name;
  }
  return last;
}
