import { describe, expect, it } from 'vitest';
import type { RulePackStore } from '../ports/stores.js';
import type { RulePackRecord } from '../records/rule-pack.js';
import { PolicyCache } from './policy-cache.js';

function version(name: string, number: number): RulePackRecord {
  const document = `pack: ${name}\nrules: [{ id: rule-${number}, kind: stale-key, keys: [{ exact: k }] }]\n`;
  const by = { createdAt: new Date('2026-01-01'), createdBy: 'me' };
  return { id: `${name}@${number}`, name, version: number, document, rules: [], ...by };
}

/** Counts how often whole packs are read. */
class Packs implements Pick<RulePackStore, 'latest' | 'latestRefs'> {
  read = 0;
  constructor(public records: readonly RulePackRecord[]) {}

  async latest() {
    this.read += 1;
    return this.records;
  }

  async latestRefs() {
    return this.records.map(({ name, version: number }) => ({ name, version: number }));
  }
}

const rules = async (cache: PolicyCache, names: readonly string[] | null = null) =>
  (await cache.compiled(names)).policy.rules
    .map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`)
    .filter((rule) => !rule.startsWith('tagward/'));

describe('PolicyCache', () => {
  it('compiles once for a set of versions, and again for another', async () => {
    const packs = new Packs([version('a', 1), version('b', 4)]);
    const cache = new PolicyCache(packs);
    expect(await rules(cache)).toEqual(['a/rule-1', 'b/rule-4']);
    expect(await cache.compiled(null)).toBe(await cache.compiled(null));
    expect(packs.read).toBe(1);

    packs.records = [version('a', 2), version('b', 4)];
    expect(await rules(cache)).toEqual(['a/rule-2', 'b/rule-4']);
    packs.records = [version('a', 2)];
    expect(await rules(cache)).toEqual(['a/rule-2']);
    expect(packs.read).toBe(3);
  });

  it('tells sets of names apart, however they are written', async () => {
    const packs = new Packs([version('a', 1), version('b', 4)]);
    const cache = new PolicyCache(packs);
    expect(await rules(cache, ['b'])).toEqual(['b/rule-4']);
    expect(await rules(cache, ['b', 'a'])).toEqual(['a/rule-1', 'b/rule-4']);
    expect(await rules(cache, ['a', 'b', 'a'])).toEqual(['a/rule-1', 'b/rule-4']);
    expect(packs.read).toBe(2);
  });

  it('forgets what was not asked for in a while', async () => {
    const packs = new Packs(Array.from({ length: 20 }, (_, index) => version(`p${index}`, 1)));
    const cache = new PolicyCache(packs);
    for (let index = 0; index < 17; index += 1) {
      await rules(cache, [`p${index}`]);
      await rules(cache, ['p0']);
    }
    expect(packs.read).toBe(17);
    await rules(cache, ['p0']);
    expect(packs.read).toBe(17);
    await rules(cache, ['p1']);
    expect(packs.read).toBe(18);
  });

  it('knows no pack that is not stored', async () => {
    const cache = new PolicyCache(new Packs([version('a', 1)]));
    await expect(cache.compiled(['a', 'c', 'd'])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no rule pack "c", "d"; /api/v1/rule-packs lists those there are.',
    });
  });
});
