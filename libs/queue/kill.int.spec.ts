import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSource, testDatabase, type TestDatabase } from '#testing';
import { openQueue } from './index.js';

const HANG = `
import { openQueue } from './open-queue.js';
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const queue = await openQueue({ postgres: { connectionString: process.env.URL } }, logger);
const scan = (id) => { console.log(id); return new Promise(() => {}); };
await queue.startWorkers({ concurrency: 1, scan, lane: async () => {}, report: async () => {}, delivery: async () => {} });
await queue.scans.enqueue('one');
`;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it('runs at once what a killed process had in hand, when no other process can have it', async () => {
  const killed = startSource(import.meta.url, HANG, { env: { URL: database.url } });
  expect(await killed.nextLine()).toBe('one');
  killed.kill('SIGKILL');
  await killed.ended;

  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const queue = await openQueue({ postgres: database.poolConfig, alone: true }, logger);
  const seen: string[] = [];
  await queue.startWorkers({
    concurrency: 1,
    scan: async (id) => void seen.push(id),
    lane: async () => {},
    report: async () => {},
    delivery: async () => {},
  });
  await queue.scans.enqueue('one');

  await vi.waitFor(() => expect(seen).toEqual(['one']), { timeout: 3_000 });
  await queue.close();
});
