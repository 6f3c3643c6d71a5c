import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aFault,
  aResource,
  aTag,
  aTarget,
  runScan,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const PAGE = { first: 50, after: null };

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

describe('PostgresTargetStore', () => {
  it('keeps what is given, and gives it back', async () => {
    const given = aTarget({ rulePacks: ['labels'], labels: [{ key: 'env', value: 'prod' }], mode: 'WRITE' });
    const stored = await database.stores.targets.insert(given);
    expect(stored).toMatchObject({ ...given, openFindings: 0, hygieneScore: null, capabilities: [] });
    expect(await database.stores.targets.find(stored.id)).toEqual(stored);
    expect(await database.stores.targets.find('no-such-id')).toBeNull();
  });

  it('changes only what is named', async () => {
    const stored = await storedTarget(database, { rulePacks: ['labels'] });
    const changed = await database.stores.targets.update(stored.id, {
      rulePacks: null,
      location: 'elsewhere',
    });
    expect(changed).toEqual({ ...stored, rulePacks: null, location: 'elsewhere' });
    expect(await database.stores.targets.update(stored.id, {})).toEqual(changed);
    expect(await database.stores.targets.update('no-such-id', { name: 'x' })).toBeNull();
  });

  it('refuses a name that is taken, by its name, on insert and on rename', async () => {
    const [one, two] = [await storedTarget(database), await storedTarget(database)];
    const taken = { code: 'NAME_TAKEN', message: expect.stringContaining(one.name) };
    await expect(database.stores.targets.insert(aTarget({ name: one.name }))).rejects.toMatchObject(taken);
    await expect(database.stores.targets.update(two.id, { name: one.name })).rejects.toMatchObject(taken);
  });

  it('refuses a credential that does not exist', async () => {
    await expect(database.stores.targets.insert(aTarget({ credentialId: 'nobody' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nobody'),
    });
  });

  it('keeps capabilities with their times', async () => {
    const { id } = await storedTarget(database);
    const capabilities = [
      { name: 'read', supported: true, declared: true, detail: null, checkedAt: null },
      {
        name: 'write',
        supported: false,
        declared: false,
        detail: 'denied',
        checkedAt: new Date('2026-01-02T03:04:05.678Z'),
      },
    ];
    await database.stores.targets.setCapabilities(id, capabilities);
    expect((await database.stores.targets.find(id))?.capabilities).toEqual(capabilities);
  });

  it('removes inventory, findings and scans with the target, and nothing of another', async () => {
    const [gone, kept] = [await storedTarget(database), await storedTarget(database)];
    for (const { id } of [gone, kept]) {
      const resources = [aResource('i-1', [aTag('enviroment')])];
      await runScan(database, {
        targetId: id,
        units: [{ unit: UNIT, resources, faults: [aFault(`${id}-1`)] }],
      });
    }
    expect(await database.stores.targets.remove(gone.id)).toBe(true);
    expect(await database.stores.targets.remove(gone.id)).toBe(false);
    for (const [id, count] of [
      [gone.id, 0],
      [kept.id, 1],
    ] as const) {
      const filter = { targetIds: [id] };
      expect((await database.readModels.tags({ ...filter }, PAGE, null)).edges).toHaveLength(count);
      expect((await database.readModels.resources(filter, PAGE, null)).edges).toHaveLength(count);
      expect((await database.readModels.findings(filter, 'SEVERITY_DESC', PAGE, null)).edges).toHaveLength(
        count,
      );
      expect((await database.readModels.scans({ targetId: id }, PAGE, null)).edges).toHaveLength(count);
    }
    expect(await database.stores.findings.find(`${gone.id}-1`)).toBeNull();
  });
});

describe('the hygiene score', () => {
  it('weighs the worst open fault of each tag, and counts a missing tag as a tag', async () => {
    const { id } = await storedTarget(database);
    const resources = [aResource('i-1', [aTag('a'), aTag('b'), aTag('c')]), aResource('i-2', [])];
    const rules = ['one', 'two'].map((ruleId) => ({ rulePack: 'labels', ruleId }));
    const fault = (n: number, tag: string | null, severity: 'low' | 'high' | 'critical', ruleId = 'one') =>
      aFault(`${id}-${n}`, { tag, severity, ruleId });
    const faults = [
      fault(1, 'a', 'low'),
      fault(2, 'a', 'high', 'two'),
      { ...fault(3, 'owner', 'critical'), resource: 'i-2' },
      { ...fault(4, null, 'low'), resource: 'i-2' },
    ];
    await runScan(database, { targetId: id, rules, units: [{ unit: UNIT, resources, faults }] });
    const target = await database.stores.targets.find(id);
    expect(target?.openFindings).toBe(4);
    expect(target?.hygieneScore).toBeCloseTo(100 * (1 - (0.7 + 1 + 0.1) / 5), 10);
  });

  it('does not count suppressed findings', async () => {
    const { id } = await storedTarget(database);
    const units = [
      { unit: UNIT, resources: [aResource('i-1', [aTag('enviroment')])], faults: [aFault(`${id}-1`)] },
    ];
    await runScan(database, { targetId: id, units });
    expect((await database.stores.targets.find(id))?.hygieneScore).toBeCloseTo(70, 10);
    await database.stores.findings.suppress(
      `${id}-1`,
      { reason: 'known', by: 'me', at: new Date(), until: null },
      null,
    );
    await database.stores.targets.refreshScore(id, new Date());
    expect(await database.stores.targets.find(id)).toMatchObject({ hygieneScore: 100, openFindings: 0 });
  });

  it('is null before the first scan and 100 after one that found nothing at all', async () => {
    const { id } = await storedTarget(database);
    await database.stores.targets.refreshScore(id, new Date());
    expect((await database.stores.targets.find(id))?.hygieneScore).toBeNull();
    await runScan(database, { targetId: id, units: [{ unit: UNIT }] });
    expect((await database.stores.targets.find(id))?.hygieneScore).toBe(100);
  });
});
