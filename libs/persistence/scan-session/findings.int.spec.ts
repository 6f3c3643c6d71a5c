import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aFault,
  aResource,
  aTag,
  type FoundFault,
  runScan,
  type ScanScript,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const RESOURCES = ['i-1', 'i-2', 'i-3'].map((name) => aResource(name, [aTag('enviroment')]));
const SPELLING = { rulePack: 'labels', ruleId: 'spelling' };
const EMPTY = { rulePack: 'labels', ruleId: 'empty' };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

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

const find = (id: string) => database.stores.findings.find(id);
function scanWith(
  targetId: string,
  minute: number,
  faults: readonly FoundFault[],
  script: Partial<ScanScript> = {},
) {
  return runScan(database, {
    targetId,
    at: at(minute),
    units: [{ unit: UNIT, resources: RESOURCES, faults }],
    ...script,
  });
}
function suppress(id: string, until: Date | null = null) {
  return database.stores.findings.suppress(id, { reason: 'known', by: 'token:me', at: at(0), until }, null);
}

describe('the life of a finding', () => {
  it('opens, stays, is resolved, comes back', async () => {
    const { id } = await storedTarget(database);
    const fault = aFault(`${id}-1`);
    expect((await scanWith(id, 1, [fault])).counts).toEqual({
      open: 1,
      new: 1,
      resolved: 0,
      bySeverity: [{ name: 'medium', count: 1 }],
      byRule: [{ name: 'labels/spelling', count: 1 }],
    });
    const { discriminator: _, id: fingerprint, ...found } = fault;
    expect(await find(fingerprint)).toEqual({
      ...found,
      id: fingerprint,
      targetId: id,
      state: 'OPEN',
      flapping: false,
      timesReopened: 0,
      firstSeenAt: at(1),
      lastSeenAt: at(1),
      resolvedAt: null,
      suppression: null,
    });
    expect((await scanWith(id, 2, [fault])).counts).toMatchObject({ open: 1, new: 0, resolved: 0 });
    expect(await find(fingerprint)).toMatchObject({ state: 'OPEN', firstSeenAt: at(1), lastSeenAt: at(2) });
    expect((await scanWith(id, 3, [])).counts).toMatchObject({
      open: 0,
      new: 0,
      resolved: 1,
      bySeverity: [],
      byRule: [],
    });
    expect(await find(fingerprint)).toMatchObject({
      state: 'RESOLVED',
      lastSeenAt: at(2),
      resolvedAt: at(3),
    });
    expect((await scanWith(id, 4, [])).counts).toMatchObject({ resolved: 0 });
    expect((await scanWith(id, 5, [fault])).counts).toMatchObject({ open: 1, new: 1 });
    expect(await find(fingerprint)).toMatchObject({
      state: 'OPEN',
      timesReopened: 1,
      flapping: false,
      firstSeenAt: at(1),
      lastSeenAt: at(5),
      resolvedAt: null,
    });
    await scanWith(id, 6, []);
    await scanWith(id, 7, [fault]);
    expect(await find(fingerprint)).toMatchObject({ timesReopened: 2, flapping: true });
  });

  it('takes over what changed of it', async () => {
    const { id } = await storedTarget(database);
    await scanWith(id, 1, [aFault(`${id}-1`)]);
    const changed = {
      severity: 'critical',
      value: 'stage',
      message: 'Another.',
      fixable: false,
      evidence: { x: [1] },
      changes: [],
    } as const;
    await scanWith(id, 2, [aFault(`${id}-1`, changed)]);
    expect(await find(`${id}-1`)).toMatchObject({
      ...changed,
      state: 'OPEN',
      firstSeenAt: at(1),
      timesReopened: 0,
    });
  });

  it('is resolved only by the rules that ran, on the parts that were read', async () => {
    const { id } = await storedTarget(database);
    const [spelling, empty] = [aFault(`${id}-s`), aFault(`${id}-e`, { ruleId: 'empty' })];
    const elsewhere = aFault(`${id}-x`, { scope: 'us-east-1' });
    const there = { unit: { scope: 'us-east-1', resourceType: null }, faults: [elsewhere] };
    const here = { unit: UNIT, resources: RESOURCES, faults: [spelling, empty] };
    await runScan(database, { targetId: id, at: at(1), rules: [SPELLING, EMPTY], units: [here, there] });
    await scanWith(id, 2, [], { rules: [SPELLING], storedRules: [SPELLING, EMPTY] });
    expect((await find(spelling.id))?.state).toBe('RESOLVED');
    expect(await find(empty.id)).toMatchObject({ state: 'OPEN', lastSeenAt: at(1) });
    expect(await find(elsewhere.id)).toMatchObject({ state: 'OPEN', lastSeenAt: at(1) });
    await scanWith(id, 3, [empty], { rules: [EMPTY], storedRules: [SPELLING, EMPTY] });
    expect(await find(empty.id)).toMatchObject({ lastSeenAt: at(3) });
    await scanWith(id, 4, [], { rules: [SPELLING], storedRules: [SPELLING, EMPTY] });
    expect(await find(empty.id)).toMatchObject({ state: 'OPEN', lastSeenAt: at(3) });
    await scanWith(id, 5, [], {
      units: [{ unit: UNIT, complete: false }],
      rules: [EMPTY],
      storedRules: [SPELLING, EMPTY],
    });
    expect((await find(empty.id))?.state).toBe('OPEN');
  });

  it('is resolved, with the reason, when no stored pack holds its rule any more, read or not', async () => {
    const { id } = await storedTarget(database);
    await scanWith(id, 1, [aFault(`${id}-1`), aFault(`${id}-2`, { ruleId: 'empty' })], {
      rules: [SPELLING, EMPTY],
    });
    const { counts } = await runScan(database, {
      targetId: id,
      at: at(2),
      rules: [EMPTY],
      units: [],
      storedRules: [EMPTY],
    });
    expect(counts).toMatchObject({ open: 1, resolved: 1 });
    expect(await find(`${id}-1`)).toMatchObject({
      state: 'RESOLVED',
      resolvedAt: at(2),
      evidence: { distance: 1, resolvedBecause: expect.stringContaining('rule') },
    });
    expect((await find(`${id}-2`))?.state).toBe('OPEN');
  });

  it('of other resources stays in a scan that is limited', async () => {
    const { id } = await storedTarget(database);
    const faults = ['i-1', 'i-2'].map((resource) => aFault(`${id}-${resource}`, { resource }));
    await scanWith(id, 1, faults);
    await scanWith(id, 2, [], {
      resources: ['i-1'],
      units: [{ unit: UNIT, resources: RESOURCES.slice(0, 1) }],
    });
    expect(await find(`${id}-i-1`)).toMatchObject({ state: 'RESOLVED', lastSeenAt: at(1) });
    expect(await find(`${id}-i-2`)).toMatchObject({ state: 'OPEN', lastSeenAt: at(1) });
    const limited = {
      resources: ['i-2'],
      units: [{ unit: UNIT, resources: RESOURCES.slice(1, 2), faults: faults.slice(1) }],
    };
    await scanWith(id, 3, [], limited);
    expect(await find(`${id}-i-2`)).toMatchObject({ state: 'OPEN', lastSeenAt: at(3) });
  });

  it('counts new and resolved of all attempts of a scan', async () => {
    const { id } = await storedTarget(database);
    await scanWith(id, 1, [aFault(`${id}-old`)]);
    const { scans } = database.stores;
    const { scan } = await scans.enqueue({ targetId: id, trigger: 'MANUAL', rulePacks: null, scopes: null });
    const request = {
      scanId: scan.id,
      targetId: id,
      at: at(2),
      rules: [SPELLING],
      resources: null,
      ownerTag: null,
    };
    await scans.claim(id, 'first');
    const first = await database.openScanSession(request);
    await first.recordFindings(UNIT, [aFault(`${id}-new`)]);
    await first.completeUnit(UNIT);
    await scans.recover(0, 5);
    await scans.claim(id, 'second');
    const second = await database.openScanSession(request);
    await second.recordFindings(UNIT, [aFault(`${id}-new`)]);
    await second.completeUnit(UNIT);
    expect(await second.finish([SPELLING])).toMatchObject({ open: 1, new: 1, resolved: 1 });
  });
});

describe('suppression', () => {
  it('outlives scans that find the fault, and ends with the fault', async () => {
    const { id } = await storedTarget(database);
    await scanWith(id, 1, [aFault(`${id}-1`)]);
    expect(await suppress(`${id}-1`)).toMatchObject({
      state: 'SUPPRESSED',
      suppression: { reason: 'known', by: 'token:me', at: at(0), until: null },
    });
    expect((await scanWith(id, 2, [aFault(`${id}-1`, { message: 'New words.' })])).counts).toMatchObject({
      open: 0,
      new: 0,
    });
    expect(await find(`${id}-1`)).toMatchObject({
      state: 'SUPPRESSED',
      message: 'New words.',
      lastSeenAt: at(2),
    });
    expect((await scanWith(id, 3, [])).counts.resolved).toBe(1);
    expect(await find(`${id}-1`)).toMatchObject({ state: 'RESOLVED', suppression: null });
    expect((await scanWith(id, 4, [aFault(`${id}-1`)])).counts).toMatchObject({ open: 1, new: 1 });
  });

  it('ends in time: at the next scan, or when expired ones are swept', async () => {
    const { id } = await storedTarget(database);
    const faults = [aFault(`${id}-1`), aFault(`${id}-2`), aFault(`${id}-3`)];
    await scanWith(id, 1, faults);
    await suppress(`${id}-1`, at(5));
    await suppress(`${id}-2`, at(60));
    await suppress(`${id}-3`, at(6));
    await scanWith(id, 4, faults);
    expect((await find(`${id}-1`))?.state).toBe('SUPPRESSED');
    expect((await scanWith(id, 5, faults)).counts).toMatchObject({ open: 1, new: 0 });
    expect(await find(`${id}-1`)).toMatchObject({ state: 'OPEN', suppression: null, timesReopened: 0 });
    expect(await database.stores.findings.expireSuppressions(at(6))).toEqual([id]);
    expect(await database.stores.findings.expireSuppressions(at(6))).toEqual([]);
    expect((await find(`${id}-3`))?.state).toBe('OPEN');
    expect((await find(`${id}-2`))?.state).toBe('SUPPRESSED');
  });

  it('is taken back, leaves resolved findings alone, and respects what a viewer may see', async () => {
    const { id } = await storedTarget(database);
    const store = database.stores.findings;
    await scanWith(id, 1, [aFault(`${id}-1`), aFault(`${id}-2`)]);
    await scanWith(id, 2, [aFault(`${id}-1`)]);
    const suppression = { reason: 'r', by: 'b', at: at(0), until: null };
    expect(await store.suppress(`${id}-1`, suppression, ['another'])).toBeNull();
    expect((await find(`${id}-1`))?.state).toBe('OPEN');
    expect(await store.suppress('nobody', suppression, null)).toBeNull();
    expect((await store.suppress(`${id}-2`, suppression, null))?.state).toBe('RESOLVED');
    await suppress(`${id}-1`);
    expect(await store.unsuppress(`${id}-1`, ['another'])).toBeNull();
    expect(await store.unsuppress(`${id}-1`, [id])).toMatchObject({ state: 'OPEN', suppression: null });
  });

  it('of all that match: counts them and names their targets', async () => {
    const [one, two] = [await storedTarget(database), await storedTarget(database)];
    for (const { id } of [one, two])
      await scanWith(id, 1, [aFault(`${id}-1`), aFault(`${id}-2`, { severity: 'low' })]);
    const suppression = { reason: 'r', by: 'b', at: at(0), until: null };
    const filter = { targetIds: [one.id, two.id], severities: ['low' as const] };
    expect(await database.stores.findings.suppressAll(filter, suppression, [two.id])).toEqual({
      count: 1,
      targetIds: [two.id],
    });
    expect(await database.stores.findings.suppressAll(filter, suppression, null)).toEqual({
      count: 1,
      targetIds: [one.id],
    });
    expect((await find(`${one.id}-1`))?.state).toBe('OPEN');
  });
});

describe('what could not be judged', () => {
  const LONG = 'v'.repeat(1_000);
  const RULE = 'labels/spelling';
  const unit = { scope: 'acme/app', resourceType: 'repository' };

  it('keeps its findings as they were, while their tags are there; every other one is resolved', async () => {
    const { id } = await storedTarget(database, { platform: 'git' });
    const names = ['undated', 'dated', 'gone', LONG];
    const repository = (tags: readonly string[]) =>
      aResource(
        'acme/app',
        tags.map((name) => aTag(name, null, 'sha256:a')),
        unit,
      );
    const fault = (name: string | null, ruleId = 'spelling') =>
      aFault(`${id}-${ruleId}-${String(name).slice(0, 9)}`, {
        ...unit,
        resource: 'acme/app',
        tag: name,
        ruleId,
      });
    const faults = [
      ...names.map((name) => fault(name)),
      fault(null),
      fault('dated', 'empty'),
      fault('gone', 'empty'),
    ];
    await runScan(database, {
      targetId: id,
      rules: [SPELLING, EMPTY],
      at: at(1),
      units: [{ unit, resources: [repository(names)], faults }],
    });

    const { counts } = await runScan(database, {
      targetId: id,
      rules: [SPELLING, EMPTY],
      at: at(2),
      units: [
        {
          unit,
          resources: [repository(['undated', 'dated', LONG])],
          spared: [
            { rule: RULE, resource: 'acme/app', tag: 'undated' },
            { rule: RULE, resource: 'acme/app', tag: LONG },
            { rule: RULE, resource: 'acme/app', tag: 'gone' },
            { rule: RULE, resource: 'another', tag: 'dated' },
            { rule: 'labels/empty', resource: 'acme/app', tag: undefined },
          ],
        },
      ],
    });

    expect(counts).toMatchObject({ resolved: 4 });
    const states = await Promise.all(faults.map(async (one) => (await find(one.id))?.state));
    expect(states).toEqual(['OPEN', 'RESOLVED', 'RESOLVED', 'OPEN', 'RESOLVED', 'OPEN', 'RESOLVED']);
  });
});
