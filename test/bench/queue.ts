import { createPostgresBackend, type PgPool, Queue, runMigrations, Worker } from 'bullmq';
import pg from 'pg';
import { openQueue } from '#queue';
import type { BenchRow } from './bench-row.js';

const JOBS = 5_000;
const CONCURRENCY = 10;
const ENQUEUED_AT_ONCE = 50;
const ROUNDS = 3;
const IDS = Array.from({ length: JOBS }, (_, index) => `target-${index}`);

const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Times {
  readonly enqueue: number;
  readonly work: number;
}

/** Adds 5,000 jobs that do nothing, then works them off: our queue against BullMQ bare in the same PostgreSQL, same concurrency. Medians of three rounds. */
export async function benchQueue(databaseUrl: string): Promise<readonly BenchRow[]> {
  const ours: Times[] = [];
  const bare: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await ourRound(databaseUrl));
    bare.push(await bareRound(databaseUrl, round));
  }
  const row = (name: string, part: keyof Times, goal: string): BenchRow => {
    const [a, b] = [median(ours, part), median(bare, part)];
    return { name, ours: Math.round(a), baseline: Math.round(b), ratio: a / b, goal, unit: 'ms' };
  };
  return [
    row(`queue: add ${JOBS} jobs, each deduplicated`, 'enqueue', '<= 2x'),
    row(`queue: work off ${JOBS} jobs`, 'work', '<= 1.5x'),
  ];
}

async function ourRound(databaseUrl: string): Promise<Times> {
  const queue = await openQueue({ postgres: { connectionString: databaseUrl } }, silent);
  const done = countdown();
  try {
    const enqueue = await timed(() => inParts((id) => queue.scans.enqueue(id)));
    const work = await timed(async () => {
      await queue.startWorkers({
        concurrency: CONCURRENCY,
        scan: async () => done.one(),
        lane: async () => {},
        report: async () => {},
        delivery: async () => {},
      });
      await done.all;
    });
    return { enqueue, work };
  } finally {
    await queue.close();
  }
}

async function bareRound(databaseUrl: string, round: number): Promise<Times> {
  const pool = new pg.Pool({ connectionString: databaseUrl, options: '-c search_path=bullmq', max: 6 });
  const connection = pool as unknown as PgPool;
  const client = await pool.connect();
  await runMigrations(client);
  client.release();
  const name = `bench-${round}`;
  const queue = new Queue(name, { connection }, createPostgresBackend);
  const done = countdown();
  const enqueue = await timed(() =>
    inParts((targetId) => queue.add('scan', { version: 1, targetId }, { removeOnComplete: true })),
  );
  let worker: Worker | undefined;
  const work = await timed(async () => {
    const options = { connection, concurrency: CONCURRENCY };
    const started = new Worker(name, async () => done.one(), options, createPostgresBackend);
    worker = started as unknown as Worker;
    await done.all;
  });
  await worker?.close();
  await queue.close();
  await pool.end();
  return { enqueue, work };
}

function countdown(): { one(): void; readonly all: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = JOBS;
  return {
    one: () => {
      if (--left === 0) resolve();
    },
    all: promise,
  };
}

async function inParts(add: (id: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < IDS.length; from += ENQUEUED_AT_ONCE) {
    await Promise.all(IDS.slice(from, from + ENQUEUED_AT_ONCE).map(add));
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(rounds: readonly Times[], part: keyof Times): number {
  const sorted = rounds.map((round) => round[part]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
