import type { AgeOf, TagDate } from '../rules/age.js';
import type { Candidate } from './retention.js';

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

  constructor(private readonly group: readonly Candidate[]) {}

  read(candidate: Candidate, of: AgeOf): Reading {
    const date = candidate.date(of);
    if ('missing' in date) return { unknown: date.missing };
    if ('untrusted' in date) return { unknown: date.untrusted };
    const at = date.at.getTime();
    if (!this.sharedDates(of).has(at)) return { at };
    return { unknown: `the ${of} date of each: most of them have the same one` };
  }

  private sharedDates(of: AgeOf): ReadonlySet<number> {
    const known = this.shared.get(of);
    if (known !== undefined) return known;
    const found = datesOfMost(this.group, of);
    this.shared.set(of, found);
    return found;
  }
}

/** The dates that most digests have; there may be several, where the names of one digest have dates of their own. */
function datesOfMost(group: readonly Candidate[], of: AgeOf): ReadonlySet<number> {
  const all = new Set<string>();
  const byDate = new Map<number, Set<string>>();
  for (const candidate of group) {
    const digest = identity(candidate);
    all.add(digest);
    const date: TagDate = candidate.date(of);
    if (!('at' in date)) continue;
    const at = date.at.getTime();
    const sharing = byDate.get(at);
    if (sharing === undefined) byDate.set(at, new Set([digest]));
    else sharing.add(digest);
  }
  const most = [...byDate].filter(([, { size }]) => size >= SHARED_BY && size * 2 > all.size);
  return new Set(most.map(([at]) => at));
}

/** Names that point somewhere unknown are taken to point at different things. */
const identity = ({ name, digest }: Candidate): string => digest ?? `name:${name ?? ''}`;
