import { BoundedMemo } from '../matchers/bounded-memo.js';
import { MatcherSet } from '../matchers/matcher-set.js';
import { PLATFORMS, type Platform } from '../model/platform.js';
import { RESERVED_NAMES } from './built-in-protections.js';
import type { CompiledRule } from './compiled-rule.js';

/** A rule that a name concerns, and what the name says to it. */
export interface NameHit {
  readonly rule: number;
  readonly seen: unknown;
}

const NO_HITS: readonly NameHit[] = [];

/** Which rules a name concerns, whatever the resource: all patterns of all rules in one pass, remembered per name. */
export class NameHits {
  private readonly matched: MatcherSet;
  /** Rule of each group of `matched`. */
  private readonly ruleOf: readonly number[];
  /** Rules that look at every name. */
  private readonly all: readonly number[];
  private readonly memos: ReadonlyMap<Platform, BoundedMemo<readonly NameHit[]>>;

  constructor(private readonly rules: readonly CompiledRule[]) {
    const named = rules.flatMap(({ judge }, index) =>
      judge.level === 'tag' && judge.names !== 'all' ? [{ index, names: judge.names }] : [],
    );
    this.matched = new MatcherSet(named.map(({ names }) => names));
    this.ruleOf = named.map(({ index }) => index);
    this.all = rules.flatMap(({ judge }, index) =>
      judge.level === 'tag' && judge.names === 'all' ? [index] : [],
    );
    this.memos = new Map(
      PLATFORMS.map((platform) => {
        const reserved = RESERVED_NAMES[platform];
        return [
          platform,
          new BoundedMemo((name) => (reserved?.test(name) === true ? NO_HITS : this.find(name))),
        ];
      }),
    );
  }

  /** Looks names of one platform up. */
  on(platform: Platform): (name: string) => readonly NameHit[] {
    const memo = this.memos.get(platform);
    return (name) => memo?.get(name) ?? NO_HITS;
  }

  private find(name: string): readonly NameHit[] {
    const matched = this.matched.match(name);
    if (matched.length === 0 && this.all.length === 0) return NO_HITS;
    const hits: NameHit[] = [];
    for (const { group, matcher } of matched) this.look(hits, this.ruleOf[group] ?? -1, name, matcher);
    for (const index of this.all) this.look(hits, index, name, -1);
    return hits.length === 0 ? NO_HITS : hits;
  }

  private look(hits: NameHit[], index: number, name: string, matcher: number): void {
    const rule = this.rules[index];
    if (rule?.judge.level !== 'tag') return;
    const seen = rule.judge.look(name, matcher);
    if (seen !== null && rule.selector.onTag(name)) hits.push({ rule: index, seen });
  }
}
