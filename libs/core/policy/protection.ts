import { BoundedMemo } from '../matchers/bounded-memo.js';
import { MatcherSet } from '../matchers/matcher-set.js';
import { describeMatcher } from '../matchers/matcher.js';
import { PLATFORMS, type Platform } from '../model/platform.js';
import type { Resource } from '../model/resource.js';
import type { Blocker } from '../rules/judge.js';
import { quote } from '../rules/quote.js';
import { BUILT_IN_PROTECTIONS, type BuiltInProtection } from './built-in-protections.js';
import { CompiledSelector } from './compiled-selector.js';
import type { EvaluationContext, Protector as TagProtector } from './policy.js';
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

  /** Everything for which the tag must not be touched. */
  protectorsOf(context: EvaluationContext, resource: Resource, name: string): readonly TagProtector[] {
    const ofPacks = this.protectors.filter(({ selector }) => selector.covers(context, resource, name));
    const builtIn = this.functional(context, resource, name);
    return [
      ...ofPacks.map((protector) => describePack(protector, name)),
      ...(builtIn === null ? [] : [describeBuiltIn(builtIn, name)]),
    ];
  }

  /** Why the tag must not be touched, whether it is there or would be; null when it may be. */
  blockerOf(context: EvaluationContext, resource: Resource, name: string): Blocker | null {
    const protector = this.protectors.find(({ selector }) => selector.covers(context, resource, name));
    if (protector !== undefined) return blocker(describePack(protector, name));
    const builtIn = this.functional(context, resource, name);
    return builtIn === null ? null : blocker(describeBuiltIn(builtIn, name));
  }

  /** The built-in protection that covers the tag and that no pack lifts. */
  functional(context: EvaluationContext, resource: Resource, name: string): BuiltInProtection | null {
    const builtIn = this.builtIn.get(context.platform)?.get(name) ?? null;
    if (builtIn === null) return null;
    return this.lifters.some((lifter) => lifter.covers(context, resource, name)) ? null : builtIn;
  }
}

const describePack = ({ pack, index }: Protector, name: string): TagProtector => ({
  rulePack: pack,
  message: `${quote(name)} is protected by the rule pack "${pack}" (protect, entry ${index + 1}).`,
  reference: `${pack}/protect/${index}`,
});

const describeBuiltIn = ({ tag, because }: BuiltInProtection, name: string): TagProtector => ({
  rulePack: null,
  message: `${quote(name)} is protected: ${because}. A pack lifts that with "unprotect".`,
  reference: `built-in/${describeMatcher(tag)}`,
});

const blocker = ({ message, reference }: TagProtector): Blocker => ({
  code: 'PROTECTED',
  message,
  references: [reference],
});

function builtInFor(platform: Platform): BoundedMemo<BuiltInProtection | null> {
  const list = BUILT_IN_PROTECTIONS[platform];
  const set = new MatcherSet([list.map(({ tag }) => tag)]);
  return new BoundedMemo((name) => list[set.match(name)[0]?.matcher ?? -1] ?? null);
}
