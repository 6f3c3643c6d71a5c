import { byCodeUnit } from '../matchers/ascii-case.js';
import { compareVersions, parseCalver, parseSemver, type Version } from '../versions/version.js';
import type { Reading } from './dates.js';
import { dateOfItem, type Group, type Item } from './item.js';
import type { OrderBy } from './retention.js';

/** The items of a group from newest to oldest, by their index. */
export interface Ranking {
  /** 1 and up, one more than there are newer items, so that equals share a rank; 0 for an item that has no place. */
  readonly ranks: readonly number[];
  /** How many have a place. */
  readonly placed: number;
  /** What would have to be known to place the item; null when it has a place, or when its name has none in this order. */
  unknown(index: number): string | null;
}

/** Ranks by date, version or name. No item is guessed a place: without a date to trust, or a version, it has none. */
export function rank(group: Group, orderBy: OrderBy): Ranking {
  if (orderBy === 'semver') return byName(group, highest(parseSemver), compareVersions);
  if (orderBy === 'calver') return byName(group, highest(parseCalver), compareVersions);
  if (orderBy === 'name') return byName(group, lastName, byCodeUnit);
  const readings = group.items.map((item) => dateOfItem(item, orderBy, group.dates));
  const places = readings.map((reading) => ('at' in reading ? reading.at : null));
  return { ...ranked(places, (a, b) => a - b), unknown: (index) => unknownOf(readings[index]) };
}

function byName<P>(
  { items }: Group,
  placeOf: (item: Item) => P | null,
  compare: (a: P, b: P) => number,
): Ranking {
  const isNameless = (index: number): boolean =>
    items[index]?.members.some(({ name }) => name === null) ?? false;
  return {
    ...ranked(items.map(placeOf), compare),
    unknown: (index) => (isNameless(index) ? 'a name to order it by' : null),
  };
}

const unknownOf = (reading: Reading | undefined): string | null =>
  reading !== undefined && 'unknown' in reading ? reading.unknown : null;

/** @param compare negative when the first is older */
function ranked<P>(
  places: readonly (P | null)[],
  compare: (a: P, b: P) => number,
): Pick<Ranking, 'ranks' | 'placed'> {
  const placed = places.flatMap((place, index) => (place === null ? [] : [{ place, index }]));
  placed.sort((a, b) => compare(b.place, a.place));
  const ranks = places.map(() => 0);
  placed.forEach(({ place, index }, at) => {
    const before = placed[at - 1];
    const isEqual = before !== undefined && compare(before.place, place) === 0;
    ranks[index] = isEqual ? (ranks[before.index] ?? 0) : at + 1;
  });
  return { ranks, placed: placed.length };
}

/** The highest version among the item's names; none when one of the names is no version. */
const highest =
  (parse: (name: string) => Version | null) =>
  ({ members }: Item): Version | null => {
    let best: Version | null = null;
    for (const { name, version } of members) {
      const read = name === null ? null : parse(version);
      if (read === null) return null;
      if (best === null || compareVersions(read, best) > 0) best = read;
    }
    return best;
  };

function lastName({ members }: Item): string | null {
  let last: string | null = null;
  for (const { name } of members) {
    if (name === null) return null;
    if (last === null || byCodeUnit(name, last) > 0) last = name;
  }
  return last;
}
