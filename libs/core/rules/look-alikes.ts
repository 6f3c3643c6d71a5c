import { byCodeUnit, foldSeparators } from '../matchers/ascii-case.js';
import type { Subject } from './judge.js';

/** Names of one resource that are equal once case and separators are folded. */
export interface LookAlikes {
  readonly folded: string;
  /** Two or more; the one with the fewest capitals first. */
  readonly names: readonly string[];
}

/** Groups of two names or more, among those that the rule judges. Linear in the names. */
export function lookAlikes(subject: Subject, judges: (name: string) => boolean): readonly LookAlikes[] {
  const groups = new Map<string, string[]>();
  for (const { name } of subject.tags) {
    if (!judges(name)) continue;
    const folded = foldSeparators(name);
    const group = groups.get(folded);
    if (group === undefined) groups.set(folded, [name]);
    else group.push(name);
  }
  return [...groups]
    .filter(([, names]) => names.length > 1)
    .map(([folded, names]) => ({
      folded,
      names: names.sort((a, b) => capitals(a) - capitals(b) || byCodeUnit(a, b)),
    }));
}

const capitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0;
