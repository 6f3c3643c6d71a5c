import type { RulePackRecord } from '#application';

/** The rules of a pack with the ids that the API gives them: `pack/key`. */
export function rulesOf(pack: RulePackRecord) {
  return pack.rules.map((rule) => ({ ...rule, id: `${pack.name}/${rule.key}` }));
}
