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
  let latest = Number.NEGATIVE_INFINITY;
  let unknown: string | null = null;
  for (const member of items.of(item)) {
    const reading = dates.read(member, of);
    if ('at' in reading) latest = Math.max(latest, reading.at);
    // The first in the order of the words, whatever the order of the tags.
    else if (unknown === null || reading.unknown < unknown) ({ unknown } = reading);
  }
  return unknown === null ? { at: latest } : { unknown };
}
