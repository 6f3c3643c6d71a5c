import * as catalog from './catalog.js';
import type { RuleKind } from './rule-kind.js';

/** Every kind, by the name that packs write. */
export const RULE_KINDS: ReadonlyMap<string, RuleKind> = new Map(Object.entries(catalog));

/** null for a kind that nobody knows. */
export function findRuleKind(name: string): RuleKind | null {
  return RULE_KINDS.get(name) ?? null;
}
