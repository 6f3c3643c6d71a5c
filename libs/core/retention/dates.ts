import type { AgeOf } from '../rules/age.js';
import type { Columns } from './columns.js';

/** A moment in milliseconds, or what would have to be known, in words. */
export type Reading = { readonly at: number } | { readonly unknown: string };

/** A date that fewer digests share may well be theirs: one push, one nightly build. */
const SHARED_BY = 20;

/**
 * The dates of one group. A date that at least 20 distinct digests share, and that most digests of the group have, says when
 * somebody copied or rebuilt everything, not how old anything is; it is not trusted. Candidates that are held count too, so that
 * protecting one never makes a date trustworthy.
 */
export class GroupDates {
  private readonly shared = new Map<AgeOf, ReadonlySet<number>>();

  constructor(
    private readonly columns: Columns,
    private readonly selected: Uint32Array,
  ) {}

  read(candidate: number, of: AgeOf): Reading {
    const at = this.columns.date(candidate, of);
    if (Number.isNaN(at)) return { unknown: this.columns.unknown(candidate, of) };
    if (!this.sharedDates(of).has(at)) return { at };
    return { unknown: `the ${of} date of each: most of them have the same one` };
  }

  private sharedDates(of: AgeOf): ReadonlySet<number> {
    const known = this.shared.get(of);
    if (known !== undefined) return known;
    const found = this.datesOfMost(of);
    this.shared.set(of, found);
    return found;
  }

  /** The dates that most digests have; there may be several, where the names of one digest have dates of their own. */
  private datesOfMost(of: AgeOf): ReadonlySet<number> {
    const { columns, selected } = this;
    if (selected.length < SHARED_BY) return NONE;
    // Names that point somewhere unknown are taken to point at different things.
    const firstOf = (candidate: number): number => columns.digests.firsts[candidate] ?? candidate;
    const all = distinct(selected.map(firstOf));
    const dates = new Float64Array(selected.length);
    for (let at = 0; at < dates.length; at += 1) dates[at] = columns.date(selected[at] ?? 0, of);
    dates.sort();
    const most = new Set<number>();
    for (const date of oftenIn(dates, Math.max(SHARED_BY, Math.floor(all / 2) + 1))) {
      const having = selected.filter((candidate) => columns.date(candidate, of) === date);
      const digests = distinct(having.map(firstOf));
      if (digests >= SHARED_BY && digests * 2 > all) most.add(date);
    }
    return most;
  }
}

const NONE: ReadonlySet<number> = new Set();

function distinct(numbers: Uint32Array): number {
  numbers.sort();
  let count = 0;
  for (let at = 0; at < numbers.length; at += 1) if (at === 0 || numbers[at] !== numbers[at - 1]) count += 1;
  return count;
}

/** The dates (ascending, NaN last) that come at least so often. */
function* oftenIn(dates: Float64Array, times: number): Generator<number, void, undefined> {
  for (let start = 0; start < dates.length;) {
    const date = dates[start] ?? Number.NaN;
    if (Number.isNaN(date)) return;
    let end = start;
    while (dates[end] === date) end += 1;
    if (end - start >= times) yield date;
    start = end;
  }
}
