import { RE2Set } from 're2js';
import { anchored, re2Source } from './compile-pattern.js';
import type { Matcher } from './matcher.js';

/** A group of matchers that has a match, and the first of its matchers that matched. */
export interface GroupHit {
  readonly group: number;
  readonly matcher: number;
}

const NO_HITS: readonly GroupHit[] = [];

/** What the automaton may remember (its own estimate); ordinary patterns need a hundredth of it, hostile ones would fill anything. */
const AUTOMATON_BYTES = 2 * 1024 * 1024;

/** Many groups of matchers, asked all at once: exact texts by a map, every other pattern in one pass of one automaton. */
export class MatcherSet {
  private readonly exact = new Map<string, GroupHit[]>();
  private readonly patterns: GroupHit[] = [];
  private readonly automaton: RE2Set | null;

  constructor(groups: readonly (readonly Matcher[])[]) {
    const automaton = new RE2Set(RE2Set.UNANCHORED, 0, AUTOMATON_BYTES);
    groups.forEach((matchers, group) => {
      matchers.forEach((matcher, index) => {
        const hit = { group, matcher: index };
        if (matcher.type === 'exact') {
          const same = this.exact.get(matcher.text);
          if (same === undefined) this.exact.set(matcher.text, [hit]);
          else same.push(hit);
        } else {
          // Anchors in the pattern: the automaton's own way of anchoring takes a third longer.
          automaton.add(anchored(re2Source(matcher)));
          this.patterns.push(hit);
        }
      });
    });
    this.automaton = this.patterns.length === 0 ? null : automaton;
    this.automaton?.compile();
  }

  /** The groups that match, lowest first, each once. */
  match(text: string): readonly GroupHit[] {
    const exact = this.exact.get(text);
    if (this.automaton === null) return exact === undefined ? NO_HITS : firstOfEach(exact);
    const matched = this.automaton.match(text);
    if (matched.length === 0) return exact === undefined ? NO_HITS : firstOfEach(exact);
    const hits = exact === undefined ? [] : [...exact];
    for (const id of matched) {
      const hit = this.patterns[id];
      if (hit !== undefined) hits.push(hit);
    }
    return firstOfEach(hits);
  }
}

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
