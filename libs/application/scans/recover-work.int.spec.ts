import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { RecoverWork } from './recover-work.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

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

const enqueue = async (): Promise<void> => {};
const queue = { enqueue };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const queues = { scanQueue: queue, laneQueue: queue, reportQueue: queue, deliveryQueue: queue };

it('thins the history of scores once its days are over', async () => {
  const { id } = await storedTarget(database);
  const [first, last] = [new Date('2026-01-01T01:00:00Z'), new Date('2026-01-01T02:00:00Z')];
  const unit = { scope: 'eu-central-1', resourceType: 'instance' };
  const resources = [aResource('i-1', [aTag('enviroment')])];
  await runScan(database, { targetId: id, at: first, units: [{ unit, resources, faults: [aFault(id)] }] });
  await runScan(database, { targetId: id, at: last, units: [{ unit, resources }] });
  const before = { from: new Date('2026-01-01T00:00:00Z'), to: first, targetIds: [id] };
  const scoreThen = async () => (await database.readModels.reportSummary(before)).score;
  const recoverAt = (day: string) => {
    const clock = { now: () => new Date(`${day}T12:00:00Z`) };
    return new RecoverWork({ database, ...queues, clock, logger, detailsKeptMs: 90 * DAY_MS }).execute();
  };

  await recoverAt('2026-03-20');
  expect(await scoreThen()).toBeCloseTo(70, 5);
  await recoverAt('2026-04-02');
  expect(await scoreThen()).toBeNull();
});

it('forgets content that no scan asked for in half a year, and looks once a day', async () => {
  const { content } = database.stores;
  const known = async () => [...(await content.get(['sha256:a'])).keys()];
  const began = Date.now();
  let now = began;
  const recover = new RecoverWork({
    database,
    ...queues,
    clock: { now: () => new Date(now) },
    logger,
    detailsKeptMs: 90 * DAY_MS,
  });
  await content.put(new Map([['sha256:a', { mediaType: 'm' }]]));

  now = began + 179.5 * DAY_MS;
  await recover.execute();
  expect(await known()).toEqual(['sha256:a']);
  now = began + 180.2 * DAY_MS;
  await recover.execute();
  expect(await known()).toEqual(['sha256:a']);
  now = began + 190 * DAY_MS;
  await recover.execute();
  expect(await known()).toEqual([]);
});
