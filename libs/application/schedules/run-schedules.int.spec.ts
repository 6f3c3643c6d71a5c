import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewSchedule, ScheduleRecord, Viewer } from '#application';
import { HygieneError } from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { storedTarget, testDatabase, type TestDatabase } from '#testing';
import { RunSchedules } from './run-schedules.js';
import { UpsertSchedule } from './upsert-schedule.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONDAY = new Date('2026-11-30T06:00:00Z');
const ADMIN: Viewer = { subject: 'token:ops', source: 'TOKEN', scopes: ['ADMIN'], targetIds: null };

let server: TestDatabase;
let database: PostgresDatabase;
let now: Date;
let queued: string[];
let reported: string[];
const clock = { now: () => now };

beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});
beforeEach(async () => {
  now = new Date(MONDAY);
  queued = [];
  reported = [];
  for (const { node } of (await database.readModels.schedules({ first: 200, after: null })).edges)
    await database.stores.schedules.remove(node.id);
});

const worker = () =>
  new RunSchedules({
    database,
    scanQueue: { enqueue: async (id) => void queued.push(id) },
    reportQueue: { enqueue: async (id) => void reported.push(id) },
    clock,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });

async function schedule(changes: Partial<NewSchedule> = {}): Promise<ScheduleRecord> {
  return database.stores.schedules.upsert({
    name: 'weekly',
    cron: '0 6 * * 1',
    timezone: 'UTC',
    targetIds: null,
    labels: [],
    report: false,
    enabled: true,
    nextRunAt: MONDAY,
    ...changes,
  });
}

const scansOf = async (targetId: string) =>
  (await database.readModels.scans({ targetId }, { first: 10, after: null }, null)).edges.map(
    ({ node }) => node,
  );

describe('what every installation begins with', () => {
  it('is a reconcile scan each night and a report on Monday', async () => {
    const other = await testDatabase();
    const fresh = await openDatabase({ poolConfig: other.poolConfig });
    await fresh.migrate();
    const { edges } = await fresh.readModels.schedules({ first: 10, after: null });
    expect(edges.map(({ node }) => [node.name, node.cron, node.trigger, node.report, node.enabled])).toEqual([
      ['reconcile', '0 3 * * *', 'RECONCILE', false, true],
      ['weekly-report', '0 6 * * 1', 'SCHEDULE', true, true],
    ]);
    const weekly = edges[1]?.node.nextRunAt;
    expect([weekly?.getUTCDay(), weekly?.getUTCHours()]).toEqual([1, 6]);
    expect(weekly?.getTime()).toBeGreaterThan(Date.now());
    await fresh.close();
    await other.drop();
  });
});

describe('a schedule', () => {
  it('runs once when its time has come, whoever looks (F47)', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id] });
    await Promise.all(Array.from({ length: 8 }, () => worker().execute()));
    expect(await scansOf(target.id)).toMatchObject([{ trigger: 'SCHEDULE', status: 'QUEUED' }]);
    expect(queued).toEqual([target.id]);
  });

  it('waits for its time', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id] });
    now = new Date(MONDAY.getTime() - 1);
    await worker().execute();
    expect(await scansOf(target.id)).toEqual([]);
  });

  it('catches up once after a stop of two days (F47)', async () => {
    const target = await storedTarget(database);
    const { id } = await schedule({ cron: '0 * * * *', targetIds: [target.id] });
    now = new Date(MONDAY.getTime() + 2 * DAY_MS + MINUTE_MS);
    await worker().execute();
    await worker().execute();
    expect(await scansOf(target.id)).toHaveLength(1);
    const next = (await database.stores.schedules.find(id))?.nextRunAt;
    expect(next).toEqual(new Date(MONDAY.getTime() + 2 * DAY_MS + HOUR_MS));
  });

  it('does not run a time again when the clock goes back (F42)', async () => {
    const target = await storedTarget(database);
    const made = await schedule({ targetIds: [target.id] });
    await worker().execute();
    now = new Date(MONDAY.getTime() - 10 * MINUTE_MS);
    await worker().execute();
    await database.stores.scans.requestCancelOf(target.id);
    // Switched off and on again within these ten minutes, its next time is the one that was.
    await schedule({ ...made, enabled: false, nextRunAt: null });
    await schedule({ ...made, enabled: true, nextRunAt: MONDAY });
    now = new Date(MONDAY.getTime() + MINUTE_MS);
    await worker().execute();
    expect(await scansOf(target.id)).toHaveLength(1);
    const next = (await database.stores.schedules.find(made.id))?.nextRunAt;
    expect(next).toEqual(new Date(MONDAY.getTime() + 7 * DAY_MS));
  });

  it('scans targets by their labels, and every target when it names none', async () => {
    const labels = [{ key: 'env', value: `labelled-${Date.now()}` }];
    const [labelled, other] = [await storedTarget(database, { labels }), await storedTarget(database)];
    await schedule({ labels });
    await worker().execute();
    expect(queued).toEqual([labelled.id]);
    await schedule({ name: 'all', nextRunAt: MONDAY });
    await worker().execute();
    expect(queued.slice(1)).toEqual(expect.arrayContaining([labelled.id, other.id]));
  });

  it('passes over targets that are gone, and none are left is not every target', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id] });
    await database.stores.targets.remove(target.id);
    await worker().execute();
    expect(queued).toEqual([]);
  });

  it('is switched off without a next time', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id], enabled: false });
    await worker().execute();
    expect(await scansOf(target.id)).toEqual([]);
  });

  it('keeps a time that is due when it is stored again unchanged', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id] });
    await new UpsertSchedule({ database, clock }).execute(ADMIN, {
      ...{ name: 'weekly', cron: '0 6 * * 1', timezone: 'UTC', report: false, enabled: true },
      targetIds: [target.id],
      labels: undefined,
      remediation: undefined,
    });
    await worker().execute();
    expect(await scansOf(target.id)).toHaveLength(1);
  });

  it('that fails keeps no other from running, and is tried again', async () => {
    const target = await storedTarget(database);
    await schedule({ name: 'broken', timezone: 'Mars/Base', nextRunAt: new Date(MONDAY.getTime() - 1) });
    await schedule({ targetIds: [target.id] });
    await worker().execute();
    expect(queued).toEqual([target.id]);
  });
});

describe('the report of a schedule', () => {
  const reports = async () =>
    (await database.readModels.reports({ first: 10, after: null }, null)).edges.map(({ node }) => node);

  it('waits for the scans, and covers the time since the last one', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id], report: true });
    await worker().execute();
    expect(reported).toEqual([]);
    await database.stores.scans.requestCancelOf(target.id);
    now = new Date(MONDAY.getTime() + 5 * MINUTE_MS);
    await worker().execute();
    await worker().execute();
    expect(reported).toHaveLength(1);
    expect((await reports())[0]).toMatchObject({
      id: reported[0],
      from: new Date(MONDAY.getTime() - 7 * DAY_MS),
      to: now,
      targetIds: [target.id],
    });

    now = new Date(MONDAY.getTime() + 14 * DAY_MS);
    await worker().execute();
    await database.stores.scans.requestCancelOf(target.id);
    await worker().execute();
    expect((await reports())[0]).toMatchObject({ from: new Date(MONDAY.getTime() + 5 * MINUTE_MS), to: now });
  });

  it('is made after two hours of what there is', async () => {
    const target = await storedTarget(database);
    await schedule({ targetIds: [target.id], report: true });
    await worker().execute();
    now = new Date(MONDAY.getTime() + 2 * HOUR_MS + 1);
    await worker().execute();
    expect(reported).toHaveLength(1);
  });

  it('is made at once when there is nothing to scan', async () => {
    await schedule({ targetIds: ['gone'], report: true });
    await worker().execute();
    expect(reported).toHaveLength(1);
  });
});

describe('what is not taken for a schedule', () => {
  const upsert = (changes: object) =>
    new UpsertSchedule({ database, clock }).execute(ADMIN, {
      ...{ name: 'x', cron: '@daily', timezone: 'UTC', report: false, enabled: true },
      targetIds: undefined,
      labels: undefined,
      remediation: undefined,
      ...changes,
    });
  it.each([
    [{ cron: 'every day' }, 'INPUT_INVALID', /^cron: expected five fields/],
    [{ cron: '0 0 31 2 *' }, 'INPUT_INVALID', /^cron: names no time/],
    [{ timezone: 'Mars/Base' }, 'INPUT_INVALID', /^timezone: expected an IANA/],
    [{ targetIds: ['nope'] }, 'NOT_FOUND', /nope/],
    [{ targetIds: ['a'], labels: [{ key: 'a', value: 'b' }] }, 'INPUT_INVALID', /^labels: .*not both/],
    [{ remediation: { rulePacks: [] } }, 'OPERATION_UNSUPPORTED', /^remediation/],
  ])('%j', async (changes, code, message) => {
    const refused = await upsert(changes).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HygieneError);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

describe('after the time that details are kept', () => {
  it('runs are forgotten, but for the one of the last report', async () => {
    await schedule({ targetIds: ['gone'], report: true });
    await worker().execute();
    now = new Date(MONDAY.getTime() + 7 * DAY_MS);
    await worker().execute();
    expect(await database.stores.schedules.trim(new Date(MONDAY.getTime() + 30 * DAY_MS))).toBe(1);
    expect(await database.stores.schedules.trim(new Date(MONDAY.getTime() + 30 * DAY_MS))).toBe(0);
  });

  it('so are scans, but for the last of a target and the last that read it', async () => {
    const target = await storedTarget(database);
    for (let n = 0; n < 3; n++) {
      await database.stores.scans.enqueue({
        targetId: target.id,
        trigger: 'MANUAL',
        rulePacks: null,
        scopes: null,
      });
      await database.stores.scans.requestCancelOf(target.id);
    }
    const [last] = await scansOf(target.id);
    expect(await database.stores.scans.trim(new Date(Date.now() + DAY_MS))).toBeGreaterThanOrEqual(2);
    expect((await scansOf(target.id)).map(({ id }) => id)).toEqual([last?.id]);
  });
});
