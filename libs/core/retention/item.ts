import type { AgeOf } from '../rules/age.js';
import type { Columns } from './columns.js';
import type { GroupDates, Reading } from './dates.js';

/** What is kept or goes as one within a group: one tag, or a manifest with all its tags of that group. Items are numbered from 0. */
export class Items {
  /**
   * @param members candidates, those of one item side by side
   * @param ends where in `members` each item ends; null: one member each
   */
  constructor(
    private readonly members: Uint32Array,
    private readonly ends: Uint32Array | null,
  ) {}

  get length(): number {
    return this.ends?.length ?? this.members.length;
  }

  /** The candidates of one item. */
  of(item: number): Uint32Array {
    if (this.ends === null) return this.members.subarray(item, item + 1);
    return this.members.subarray(item === 0 ? 0 : this.ends[item - 1], this.ends[item]);
  }

  /** As `of`, without a list of them. */
  eachOf(item: number, take: (candidate: number) => void): void {
    const start = this.ends === null ? item : item === 0 ? 0 : (this.ends[item - 1] ?? 0);
    const end = this.ends === null ? item + 1 : (this.ends[item] ?? start);
    for (let at = start; at < end; at += 1) take(this.members[at] ?? 0);
  }

  /** How many candidates all items have together. */
  get size(): number {
    return this.members.length;
  }
}

/** One group of what a rule may decide. */
export interface Group {
  readonly name: string | null;
  readonly items: Items;
  /** Every candidate of the group that the rule selects, held ones too: what holds for the group does not hang on what is protected. */
  readonly selected: Uint32Array;
  readonly dates: GroupDates;
  readonly columns: Columns;
}

/** The latest date of an item; one that is not known may be the latest, so it makes the item's date unknown. */
export function dateOfItem({ items, dates }: Group, item: number, of: AgeOf): Reading {
  let latest: Reading = { at: Number.NEGATIVE_INFINITY };
  items.eachOf(item, (member) => {
    latest = laterOf(latest, dates.read(member, of));
  });
  return latest;
}

function laterOf(one: Reading, other: Reading): Reading {
  if ('at' in one) return 'at' in other && other.at <= one.at ? one : other;
  // The first in the order of the words, whatever the order of the tags.
  return 'unknown' in other && other.unknown < one.unknown ? other : one;
}
