import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleSummary } from '#core';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const RULES: RuleSummary[] = [
  {
    key: 'spelling',
    title: 'Spelling',
    kind: 'key-spelling',
    platforms: ['ec2'],
    severity: 'medium',
    fixable: true,
  },
];

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

function append(name: string, expectedVersion: number | null = null, document = 'pack: x') {
  return database.stores.rulePacks.append({
    name,
    document,
    rules: RULES,
    createdBy: 'token:ci',
    expectedVersion,
  });
}

describe('PostgresRulePackStore', () => {
  it('numbers versions from 1 and finds the latest, or the one that is named', async () => {
    const one = await append('labels', 0, 'first');
    const two = await append('labels', 1, 'second');
    expect([one.version, two.version]).toEqual([1, 2]);
    expect(one.id).not.toBe(two.id);
    expect(await database.stores.rulePacks.find('labels')).toEqual(two);
    expect(await database.stores.rulePacks.find('labels', null)).toEqual(two);
    expect(await database.stores.rulePacks.find('labels', 1)).toEqual(one);
    expect(await database.stores.rulePacks.find('labels', 3)).toBeNull();
    expect(await database.stores.rulePacks.find('nothing')).toBeNull();
    expect(two).toMatchObject({ rules: RULES, createdBy: 'token:ci' });
  });

  it('says which versions are the latest without reading them', async () => {
    const { rulePacks } = database.stores;
    await append('refs-a');
    await append('refs-b');
    await append('refs-a');
    await append('refs-gone');
    await rulePacks.remove('refs-gone');
    const whole = (await rulePacks.latest()).map(({ name, version }) => ({ name, version }));
    expect(await rulePacks.latestRefs()).toEqual(whole);
    expect(whole).toContainEqual({ name: 'refs-a', version: 2 });
    expect(whole.map(({ name }) => name)).not.toContain('refs-gone');
  });

  it('refuses a version that is not the stored one, and says which is stored', async () => {
    await append('expected', 0);
    await expect(append('expected', 0)).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      message: expect.stringContaining('version 1 is stored'),
    });
    await expect(append('expected', 2)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    await expect(append('unknown', 1)).rejects.toMatchObject({
      message: expect.stringContaining('no such pack'),
    });
    expect(await database.stores.rulePacks.find('unknown')).toBeNull();
  });

  it('keeps the versions of a removed pack and goes on counting when it comes back', async () => {
    const first = await append('removed');
    expect(await database.stores.rulePacks.remove('removed')).toBe(true);
    expect(await database.stores.rulePacks.remove('removed')).toBe(false);
    expect(await database.stores.rulePacks.find('removed')).toBeNull();
    expect(await database.stores.rulePacks.find('removed', 1)).toEqual(first);
    expect((await database.stores.rulePacks.latest()).map(({ name }) => name)).not.toContain('removed');
    expect((await append('removed', 0)).version).toBe(2);
  });

  it('gives every one of many writers at once a version of its own', async () => {
    const packs = await Promise.all(Array.from({ length: 12 }, () => append('busy')));
    expect(packs.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    const expecting = await Promise.allSettled(Array.from({ length: 5 }, () => append('busy', 12)));
    expect(expecting.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lists the latest versions by name', async () => {
    await append('zeta');
    await append('alpha');
    const names = (await database.stores.rulePacks.latest()).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const page = await database.readModels.rulePacks({ first: 50, after: null });
    expect(page.edges.map(({ node }) => node)).toEqual(await database.stores.rulePacks.latest());
    expect(await page.totalCount()).toBe(names.length);
  });
});
