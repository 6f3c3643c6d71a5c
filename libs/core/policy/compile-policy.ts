import { HygieneError } from '../errors/hygiene-error.js';
import { byCodeUnit } from '../matchers/ascii-case.js';
import { CompiledPolicy } from './compiled-policy.js';
import { CompiledRule } from './compiled-rule.js';
import type { ExplainablePolicy } from './policy.js';
import { Protection } from './protection.js';
import type { RulePack } from './rule-pack.js';

export interface PackToRun {
  readonly name: string;
  readonly version: number;
  readonly pack: RulePack;
  /** Judge these rules alone; the whole pack's words still count. */
  readonly only?: readonly string[];
}

/**
 * Makes packs ready to judge.
 * @param packs whose rules run; the order does not matter
 * @param allPacks the latest version of every stored pack: their `protect` and `unprotect` hold whatever runs
 * @throws HygieneError RULE_PACK_INVALID when one pack is to run in two versions
 */
export function compilePolicy(packs: readonly PackToRun[], allPacks: readonly RulePack[]): ExplainablePolicy {
  const ordered = [...packs].sort((a, b) => byCodeUnit(a.name, b.name));
  const twice = ordered.find(({ name }, index) => ordered[index - 1]?.name === name);
  if (twice !== undefined) {
    throw new HygieneError(
      'RULE_PACK_INVALID',
      `The rule pack "${twice.name}" is named twice; run it in one version.`,
    );
  }
  const rules = ordered.flatMap(({ name, pack, only }) =>
    pack.rules
      .filter(({ id }) => only?.includes(id) ?? true)
      .map((rule) => new CompiledRule(name, pack, rule)),
  );
  const guards = [...allPacks].sort((a, b) => byCodeUnit(a.name, b.name));
  return new CompiledPolicy(rules, new Protection(guards));
}
