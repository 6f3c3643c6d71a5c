import { z } from 'zod';
import type { PointerFact, Tag } from '../model/resource.js';
import { asWritten } from '../policy/schema/fields.js';

/** Which date of a tag says how old it is; `active`: when it was last pushed or pulled, whichever came later. */
export const AGE_OF = ['created', 'pushed', 'tagPushed', 'pulled', 'active', 'firstSeen'] as const;
export type AgeOf = (typeof AGE_OF)[number];

export const ageOf = () => z.enum(AGE_OF);

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
};

const AGE = /^(\d{1,6})([mhdw])$/;

/** `90m`, `12h`, `14d`, `2w` in milliseconds; undefined for anything else. */
export function parseAge(written: string): number | undefined {
  const match = AGE.exec(written);
  const unit = UNIT_MS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** An age as packs write it, in milliseconds. */
export const age = () =>
  asWritten(parseAge, 'an age like 14d (or 90m, 12h, 2w)', { type: 'string', pattern: AGE.source });

/** An age for a sentence, in the largest unit that says it exactly: `14 days`. */
export function describeAge(ms: number): string {
  const units = [
    ['day', UNIT_MS.d],
    ['hour', UNIT_MS.h],
    ['minute', MINUTE_MS],
  ] as const;
  const [name, size = MINUTE_MS] = units.find(([, unit = 1]) => ms % unit === 0) ?? units[2];
  const count = ms / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A date that may be gone by, or why there is none: in few words, that do not differ from tag to tag. */
export type TagDate = { readonly at: Date } | { readonly missing: string } | { readonly untrusted: string };

/** Before it there were no image registries; builders write such dates to make builds repeatable (1970, 1980), clocks by mistake. */
const FIRST_TRUSTED_MS = Date.UTC(2013, 0, 1);

type Dated = Exclude<AgeOf, 'active'>;
const WORDS: Readonly<Record<Dated, string>> = {
  created: 'when it was created',
  pushed: 'when it was pushed',
  tagPushed: 'when the name was put where it points',
  pulled: 'when it was last pulled',
  firstSeen: 'when it was first seen',
};

/** The date that counts for a tag. `active` needs both its dates: the one that is not known may be the later one. */
export function dateOf(tag: Tag, of: AgeOf): TagDate {
  if (of !== 'active') return trusted(dateIn(tag, of), of);
  const pushed = dateOf(tag, 'pushed');
  const pulled = dateOf(tag, 'pulled');
  if (!('at' in pushed)) return pushed;
  if (!('at' in pulled)) return pulled;
  return pulled.at > pushed.at ? pulled : pushed;
}

/** The facts behind a date. */
export const factsOfAge = (of: AgeOf): readonly PointerFact[] =>
  of === 'active' ? ['pushed', 'pulled'] : [of];

function dateIn(tag: Tag, of: Dated): Date | null {
  const { pointer } = tag;
  switch (of) {
    case 'created':
      return tag.createdAt;
    case 'pushed':
      return pointer?.pushedAt ?? null;
    case 'tagPushed':
      return pointer?.tagPushedAt ?? null;
    case 'pulled':
      return pointer?.pulledAt ?? null;
    case 'firstSeen':
      return pointer?.firstSeenAt ?? null;
  }
}

function trusted(date: Date | null, of: Dated): TagDate {
  if (date === null) return { missing: WORDS[of] };
  // Written so that a date that is none is not trusted either.
  return date.getTime() >= FIRST_TRUSTED_MS
    ? { at: date }
    : { untrusted: `${WORDS[of]}, by a date that can be trusted (2013 or later)` };
}

/** What a rule says that it lacks for want of the date. */
export const needsDate = (date: Exclude<TagDate, { readonly at: Date }>): string =>
  'missing' in date ? date.missing : date.untrusted;
