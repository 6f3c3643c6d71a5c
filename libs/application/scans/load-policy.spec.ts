import { describe, expect, it } from 'vitest';
import type { RulePackStore } from '../ports/stores.js';
import type { RulePackRecord } from '../records/rule-pack.js';
import type { TargetRecord } from '../records/target.js';
import { LoadPolicy } from './load-policy.js';

const at = new Date('2026-01-01');
const target = { name: 't', platform: 'ec2', rulePacks: null } as unknown as TargetRecord;

function version(name: string, number: number): RulePackRecord {
  const rule = `  - { id: rule-${number}, kind: stale-key, keys: [{ exact: key-${number} }] }`;
  const document = `pack: ${name}\nrules:\n${rule}\n`;
  return {
    name,
    version: number,
    document,
    rules: [],
    createdAt: at,
    createdBy: 'me',
  } as unknown as RulePackRecord;
}

/** Holds the versions; the last of each name counts, but for retired names. */
function holding(versions: readonly RulePackRecord[], retired: readonly string[] = []): LoadPolicy {
  const there = versions.filter(({ name }) => !retired.includes(name));
  const store: Pick<RulePackStore, 'latest' | 'find'> = {
    latest: async () => [...new Map(there.map((record) => [record.name, record])).values()],
    find: async (name, number) => there.find((one) => one.name === name && one.version === number) ?? null,
  };
  return new LoadPolicy(store as RulePackStore);
}

const rulesOf = async (load: Promise<{ policy: { rules: readonly { ruleId: string }[] } }>) =>
  (await load).policy.rules.map(({ ruleId }) => ruleId).filter((id) => /^rule-\d/.test(id));

describe('a scan that has begun', () => {
  it('keeps the versions that it runs, and takes no pack that was stored since', async () => {
    const load = holding([version('a', 1), version('a', 2), version('b', 7)]);
    const begun = [{ name: 'a', version: 1 }];
    expect(await rulesOf(load.execute(target, null, begun))).toEqual(['rule-1']);
    expect((await load.execute(target, null, begun)).rulePacks).toEqual(begun);
    expect(await rulesOf(load.execute(target, null))).toEqual(['rule-2', 'rule-7']);
  });

  it('goes on without a pack that was retired', async () => {
    const load = holding([version('a', 1), version('b', 7)], ['a']);
    const begun = [
      { name: 'a', version: 1 },
      { name: 'b', version: 7 },
    ];
    expect(await rulesOf(load.execute(target, null, begun))).toEqual(['rule-7']);
    await expect(load.execute(target, [{ name: 'a', version: 1 }])).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('whose resources are', () => {
  const pack = (name: string, report: string): RulePackRecord => ({
    ...version(name, 1),
    document: `pack: ${name}\nreport: ${report}\nrules: []\n`,
  });
  const load = holding([
    pack('a', "{ owners: [{ repositories: ['acme/**'], team: acme }] }"),
    pack(
      'b',
      "{ ownerTag: owner, owners: [{ repositories: ['acme/pay'], team: pay }, { targets: [t], team: rest }] }",
    ),
    pack('c', '{ ownerTag: team }'),
  ]);

  it('is said by the maps of all packs in the order of their names, and by the first owner tag', async () => {
    const { ownerTag, ownerOf } = await load.execute(target, null);
    expect(ownerTag).toBe('owner');
    expect(['acme/pay', 'other'].map((repository) => ownerOf?.(repository))).toEqual(['acme', 'rest']);
    const elsewhere = { ...target, name: 'elsewhere' };
    expect((await load.execute(elsewhere, null)).ownerOf?.('other')).toBeNull();
  });

  it('does not change with the packs that a scan names, but with those of the target', async () => {
    const one = await load.execute(target, [{ name: 'c', version: 1 }]);
    expect([one.ownerTag, one.ownerOf?.('acme/pay')]).toEqual(['owner', 'acme']);
    const narrow = { ...target, rulePacks: ['c'] };
    const other = await load.execute(narrow, null);
    expect([other.ownerTag, other.ownerOf]).toEqual(['team', null]);
  });
});
