import type { AgeOf } from '../rules/age.js';
import type { GroupDates, Reading } from './dates.js';
import type { Candidate } from './retention.js';

/** What is kept or goes as one within a group: one tag, or a manifest with all its tags of that group. */
export interface Item {
  readonly members: readonly Candidate[];
}

/** One group of what a rule may decide. */
export interface Group {
  readonly name: string | null;
  readonly items: readonly Item[];
  /** Every candidate of the group that the rule selects, held ones too: what holds for the group does not hang on what is protected. */
  readonly selected: readonly Candidate[];
  readonly dates: GroupDates;
}

/** The latest date of an item; one that is not known may be the latest, so it makes the item's date unknown. */
export function dateOfItem({ members }: Item, of: AgeOf, dates: GroupDates): Reading {
  let latest = Number.NEGATIVE_INFINITY;
  let unknown: string | null = null;
  for (const member of members) {
    const reading = dates.read(member, of);
    if ('at' in reading) latest = Math.max(latest, reading.at);
    // The first in the order of the words, whatever the order of the tags.
    else if (unknown === null || reading.unknown < unknown) ({ unknown } = reading);
  }
  return unknown === null ? { at: latest } : { unknown };
}
