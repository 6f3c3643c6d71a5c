import { byCodeUnit } from '../matchers/ascii-case.js';
import type { NotEvaluated } from '../model/finding.js';
import type { CompiledRule } from './compiled-rule.js';

interface Count {
  resources: number;
  last: number;
}

/** Counts, per rule and fact, the resources that the rule could not judge for want of it; each once. */
export class MissingFacts {
  private readonly counts = new Map<CompiledRule, Map<string, Count>>();

  /** @param resource its number within the batch */
  note(rule: CompiledRule, needs: string, resource: number): void {
    const ofRule = this.counts.get(rule) ?? new Map<string, Count>();
    this.counts.set(rule, ofRule);
    const known = ofRule.get(needs);
    if (known === undefined) ofRule.set(needs, { resources: 1, last: resource });
    else if (known.last !== resource) {
      known.resources += 1;
      known.last = resource;
    }
  }

  /** In an order that is free of the order of tags. */
  list(): NotEvaluated[] {
    return [...this.counts]
      .flatMap(([{ pack, rule }, ofRule]) =>
        [...ofRule].map(([needs, { resources }]) => ({ rulePack: pack, ruleId: rule.id, needs, resources })),
      )
      .sort(byRuleAndNeed);
  }
}

const byRuleAndNeed = (a: NotEvaluated, b: NotEvaluated): number =>
  byCodeUnit(a.rulePack, b.rulePack) || byCodeUnit(a.ruleId, b.ruleId) || byCodeUnit(a.needs, b.needs);
