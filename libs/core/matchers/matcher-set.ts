import { RE2Set } from 're2js';
import { anchored, re2Source } from './compile-pattern.js';
import type { Matcher } from './matcher.js';
import { mayExplode } from './pattern-weight.js';

/** A group of matchers that has a match, and the first of its matchers that matched. */
export interface GroupHit {
  readonly group: number;
  readonly matcher: number;
}

const NO_HITS: readonly GroupHit[] = [];

/** What the automaton may remember (its own estimate); ordinary patterns need a hundredth of it, hostile ones would fill anything. */
const AUTOMATON_BYTES = 2 * 1024 * 1024;

/** Patterns that may need very many states are each matched alone, up to so many: with others they would need the product of all states. */
const MOST_ALONE = 16;

/** An automaton, and what each of its patterns stands for. */
interface Automaton {
  readonly set: RE2Set;
  readonly patterns: GroupHit[];
}

/** Many groups of matchers, asked all at once: exact texts by a map, every other pattern in one pass of one automaton. */
export class MatcherSet {
  private readonly exact = new Map<string, GroupHit[]>();
  private readonly automata: readonly Automaton[];

  constructor(groups: readonly (readonly Matcher[])[]) {
    const shared = emptyAutomaton();
    const alone: Automaton[] = [];
    groups.forEach((matchers, group) => {
      matchers.forEach((matcher, index) => {
        const hit = { group, matcher: index };
        if (matcher.type === 'exact') {
          const same = this.exact.get(matcher.text);
          if (same === undefined) this.exact.set(matcher.text, [hit]);
          else same.push(hit);
        } else {
          const source = re2Source(matcher);
          const isAlone = alone.length < MOST_ALONE && mayExplode(source);
          const { set, patterns } = isAlone ? emptyAutomaton() : shared;
          // Anchors in the pattern: the automaton's own way of anchoring takes a third longer.
          set.add(anchored(source));
          patterns.push(hit);
          if (isAlone) alone.push({ set, patterns });
        }
      });
    });
    this.automata = [...(shared.patterns.length === 0 ? [] : [shared]), ...alone];
    for (const { set } of this.automata) set.compile();
  }

  /** The groups that match, lowest first, each once. */
  match(text: string): readonly GroupHit[] {
    const exact = this.exact.get(text);
    let hits: GroupHit[] | null = exact === undefined ? null : [...exact];
    for (const { set, patterns } of this.automata) {
      for (const id of set.match(text)) {
        const hit = patterns[id];
        if (hit !== undefined) (hits ??= []).push(hit);
      }
    }
    return hits === null ? NO_HITS : firstOfEach(hits);
  }
}

const emptyAutomaton = (): Automaton => ({
  set: new RE2Set(RE2Set.UNANCHORED, 0, AUTOMATON_BYTES),
  patterns: [],
});

function firstOfEach(hits: readonly GroupHit[]): readonly GroupHit[] {
  if (hits.length === 1) return hits;
  const sorted = [...hits].sort((a, b) => a.group - b.group || a.matcher - b.matcher);
  return sorted.filter((hit, at) => hit.group !== sorted[at - 1]?.group);
}

/** A test of one list of matchers: true when any of them matches. */
export function anyOf(matchers: readonly Matcher[]): (text: string) => boolean {
  const set = new MatcherSet([matchers]);
  return (text) => set.match(text).length > 0;
}
