import type { NotEvaluated } from '../model/finding.js';
import type { CompiledRule } from './compiled-rule.js';

interface Count {
  readonly rule: CompiledRule;
  readonly needs: string;
  resources: number;
  last: number;
}

/** Counts, per rule, the resources that it could not judge; each once. */
export class MissingFacts {
  private readonly counts = new Map<CompiledRule, Count>();

  /** @param resource its number within the batch */
  note(rule: CompiledRule, needs: string, resource: number): void {
    const known = this.counts.get(rule);
    if (known === undefined) this.counts.set(rule, { rule, needs, resources: 1, last: resource });
    else if (known.last !== resource) {
      known.resources += 1;
      known.last = resource;
    }
  }

  list(): NotEvaluated[] {
    return [...this.counts.values()].map(({ rule, needs, resources }) => {
      return { rulePack: rule.pack, ruleId: rule.rule.id, needs, resources };
    });
  }
}
