import { PLATFORMS } from '../model/platform.js';
import { findRuleKind } from '../rules/find-rule-kind.js';
import type { Rule } from '../rules/rule.js';
import { PLATFORM_TAG_KIND } from './platform-tag-kind.js';
import type { RuleSummary } from './policy.js';
import type { RulePack } from './rule-pack.js';

/** A pack's rules as lists and the API show them, in the pack's order. */
export function summarizeRules(pack: RulePack): RuleSummary[] {
  return pack.rules.map((rule) => ({
    key: rule.id,
    title: titleOf(rule),
    kind: rule.kind,
    platforms: platformsOf(rule),
    severity: rule.severity,
    fixable: rule.fix !== null,
  }));
}

const titleOf = (rule: Rule): string => findRuleKind(rule.kind)?.title(rule) ?? rule.id;

function platformsOf(rule: Rule): RuleSummary['platforms'] {
  const kind = findRuleKind(rule.kind);
  const able = PLATFORMS.filter((platform) => PLATFORM_TAG_KIND[platform] === kind?.judges);
  return rule.on.platforms === null
    ? able
    : PLATFORMS.filter((platform) => rule.on.platforms?.includes(platform));
}
