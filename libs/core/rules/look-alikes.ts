import { byCodeUnit, foldSeparators } from '../matchers/ascii-case.js';
import { equalNames } from './equal-names.js';
import type { Pause, Subject } from './judge.js';

/** Names of one resource that are equal once case and separators are folded. */
export interface LookAlikes {
  readonly folded: string;
  /** Two or more; the one with the fewest capitals first. */
  readonly names: readonly string[];
}

/** Groups of two names or more, among those that the rule judges. Linear in the names. */
export function* lookAlikes(
  { tags }: Subject,
  judges: (name: string) => boolean,
): Generator<Pause, readonly LookAlikes[], undefined> {
  const groups = yield* equalNames(tags, (name) => (judges(name) ? foldSeparators(name) : null));
  return [...groups].map(([folded, places]) => ({
    folded,
    names: places
      .map((place) => tags.at(place)?.name ?? '')
      .sort((a, b) => capitals(a) - capitals(b) || byCodeUnit(a, b)),
  }));
}

const capitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0;
