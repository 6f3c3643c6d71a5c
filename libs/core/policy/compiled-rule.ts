import { HygieneError } from '../errors/hygiene-error.js';
import type { PointerFact } from '../model/resource.js';
import { findRuleKind } from '../rules/find-rule-kind.js';
import type { Judge } from '../rules/judge.js';
import type { Rule } from '../rules/rule.js';
import { CompiledSelector } from './compiled-selector.js';
import type { EvaluationContext } from './policy.js';
import { PLATFORM_TAG_KIND } from './platform-tag-kind.js';
import type { RulePack } from './rule-pack.js';

/** A rule made ready to judge, with its selector. */
export class CompiledRule {
  readonly selector: CompiledSelector;
  readonly judge: Judge;
  readonly needs: readonly PointerFact[];
  private readonly judgesTags: string;

  constructor(
    readonly pack: string,
    { vocabulary, rules }: RulePack,
    readonly rule: Rule,
  ) {
    const kind = findRuleKind(rule.kind);
    if (kind === null) {
      throw new HygieneError(
        'RULE_PACK_INVALID',
        `There is no kind of rule "${rule.kind}" (rule "${rule.id}" of "${pack}").`,
      );
    }
    this.judgesTags = kind.judges;
    this.needs = kind.needs(rule);
    this.selector = new CompiledSelector(rule.on);
    // What a rule of the pack takes for right is as good as a word of the vocabulary to its other rules.
    const canonical = rules.flatMap((other) => findRuleKind(other.kind)?.canonicalKeys(other) ?? []);
    this.judge = kind.compile(rule, {
      vocabulary,
      rules,
      knownKeys: new Set([...vocabulary.keys, ...canonical]),
      judges: (name) => this.selector.onTag(name),
    });
  }

  /** Can the rule have a say on anything of this target? */
  mayConcern(context: Pick<EvaluationContext, 'platform' | 'target'>): boolean {
    return PLATFORM_TAG_KIND[context.platform] === this.judgesTags && this.selector.onTarget(context);
  }

  /** Can the rule have a say on resources of this type at all? */
  concerns(context: EvaluationContext, resourceType: string): boolean {
    return this.mayConcern(context) && this.selector.onKindOfResource(context, resourceType);
  }
}
