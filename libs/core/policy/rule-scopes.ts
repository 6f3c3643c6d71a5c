import type { CompiledRule } from './compiled-rule.js';
import type { EvaluationContext } from './policy.js';

/** Which rules have a say on the resources of one type in one target. */
export interface RuleScope {
  /** 1 for a rule that has a say, by its index. */
  readonly states: Uint8Array;
  readonly resourceRules: readonly number[];
  readonly tagRules: number;
}

const MAX_REMEMBERED = 1_000;

/** Asks the part of every selector that is the same for all resources of a type once per type. */
export class RuleScopes {
  private readonly known = new Map<string, RuleScope>();

  constructor(private readonly rules: readonly CompiledRule[]) {}

  forContext(context: EvaluationContext): (resourceType: string) => RuleScope {
    const where = JSON.stringify([context.platform, context.target]);
    return (resourceType) => {
      const key = `${where}${resourceType}`;
      const known = this.known.get(key);
      if (known !== undefined) return known;
      const made = this.scope(context, resourceType);
      if (this.known.size >= MAX_REMEMBERED) this.known.clear();
      this.known.set(key, made);
      return made;
    };
  }

  private scope(context: EvaluationContext, resourceType: string): RuleScope {
    const states = Uint8Array.from(this.rules, (rule) => (rule.concerns(context, resourceType) ? 1 : 0));
    const said = (level: 'tag' | 'resource'): number[] =>
      this.rules.flatMap(({ judge }, index) => (states[index] === 1 && judge.level === level ? [index] : []));
    const resourceRules = said('resource');
    const tagRules = said('tag').length;
    return { states, resourceRules, tagRules };
  }
}
