import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { testDatabase, type TestDatabase } from '#testing';
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

it('forgets content that no scan asked for in half a year, and looks once a day', async () => {
  const { content } = database.stores;
  const known = async () => [...(await content.get(['sha256:a'])).keys()];
  const began = Date.now();
  let now = began;
  const enqueue = async (): Promise<void> => {};
  const queue = { enqueue };
  const queues = { scanQueue: queue, laneQueue: queue, reportQueue: queue, deliveryQueue: queue };
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const clock = { now: () => new Date(now) };
  const recover = new RecoverWork({ database, ...queues, clock, logger, detailsKeptMs: 90 * DAY_MS });
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
