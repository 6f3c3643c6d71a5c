import { HygieneError, parseRulePack, type RulePack } from '#core';
import type { RulePackRecord } from '../records/rule-pack.js';

/** One stored version, and what it says. */
export interface StoredPack {
  readonly record: RulePackRecord;
  readonly pack: RulePack;
}

/** @throws HygieneError RULE_PACK_INVALID when it no longer parses */
export function storedPack(record: RulePackRecord): StoredPack {
  return { record, pack: parseStored(record) };
}

function parseStored(record: RulePackRecord): RulePack {
  const { pack, diagnostics } = parseRulePack(record.document);
  if (pack === null) {
    const first = diagnostics.find(({ severity }) => severity === 'critical');
    throw new HygieneError(
      'RULE_PACK_INVALID',
      `Version ${record.version} of the rule pack ${record.name} no longer loads (${first?.message ?? 'no reason given'}); store a mended version.`,
    );
  }
  return pack;
}
