import { BoundedMemo } from '../matchers/bounded-memo.js';
import { MatcherSet } from '../matchers/matcher-set.js';
import { describeMatcher } from '../matchers/matcher.js';
import { PLATFORMS, type Platform } from '../model/platform.js';
import type { Resource } from '../model/resource.js';
import type { Blocker } from '../rules/judge.js';
import { quote } from '../rules/quote.js';
import { BUILT_IN_PROTECTIONS, type BuiltInProtection } from './built-in-protections.js';
import { CompiledSelector } from './compiled-selector.js';
import type { EvaluationContext } from './policy.js';
import type { RulePack } from './rule-pack.js';

interface Protector {
  readonly pack: string;
  readonly index: number;
  readonly selector: CompiledSelector;
}

/** What no plan may touch: the union of every pack's `protect`, and the built-in list less every pack's `unprotect`. */
export class Protection {
  private readonly protectors: readonly Protector[];
  private readonly lifters: readonly CompiledSelector[];
  private readonly builtIn: ReadonlyMap<Platform, BoundedMemo<BuiltInProtection | null>>;

  constructor(packs: readonly Pick<RulePack, 'name' | 'protect' | 'unprotect'>[]) {
    this.protectors = packs.flatMap(({ name, protect }) =>
      protect.map((selector, index) => ({ pack: name, index, selector: new CompiledSelector(selector) })),
    );
    this.lifters = packs.flatMap(({ unprotect }) =>
      unprotect.map((selector) => new CompiledSelector(selector)),
    );
    this.builtIn = new Map(PLATFORMS.map((platform) => [platform, builtInFor(platform)]));
  }

  /** Why the tag must not be touched, whether it is there or would be; null when it may be. */
  blockerOf(context: EvaluationContext, resource: Resource, name: string): Blocker | null {
    const protector = this.protectors.find(({ selector }) => selector.covers(context, resource, name));
    if (protector !== undefined) {
      const reference = `${protector.pack}/protect/${protector.index}`;
      const message = `${quote(name)} is protected by the rule pack "${protector.pack}" (protect, entry ${protector.index + 1}).`;
      return { code: 'PROTECTED', message, references: [reference] };
    }
    const builtIn = this.functional(context, resource, name);
    if (builtIn === null) return null;
    const message = `${quote(name)} is protected: ${builtIn.because}. A pack lifts that with "unprotect".`;
    return { code: 'PROTECTED', message, references: [`built-in/${describeMatcher(builtIn.tag)}`] };
  }

  /** The built-in protection that covers the tag and that no pack lifts. */
  functional(context: EvaluationContext, resource: Resource, name: string): BuiltInProtection | null {
    const builtIn = this.builtIn.get(context.platform)?.get(name) ?? null;
    if (builtIn === null) return null;
    return this.lifters.some((lifter) => lifter.covers(context, resource, name)) ? null : builtIn;
  }
}

function builtInFor(platform: Platform): BoundedMemo<BuiltInProtection | null> {
  const list = BUILT_IN_PROTECTIONS[platform];
  const set = new MatcherSet([list.map(({ tag }) => tag)]);
  return new BoundedMemo((name) => list[set.match(name)[0]?.matcher ?? -1] ?? null);
}
