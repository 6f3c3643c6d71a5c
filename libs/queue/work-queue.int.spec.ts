import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, createRedisBackend, type PgPool, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { HygieneError, type ErrorCode } from '#core';
import { realServer, type RealServer, testDatabase, type TestDatabase } from '#testing';
import {
  openQueue,
  type QueueOptions,
  type QueueTuning,
  type WorkerHandlers,
  type WorkQueue,
} from './index.js';

type BareQueue = Pick<Queue, 'add' | 'getFailed'>;

interface Store {
  open(): Promise<void>;
  options(): QueueOptions;
  /** As somebody sees it who can write to the store. */
  bare<T>(queue: string, use: (queue: BareQueue) => Promise<T>): Promise<T>;
  /** Forgets all jobs. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const redis = await realServer('redis', { spec: import.meta.url });

class PostgresUnderTest implements Store {
  private database: TestDatabase | null = null;
  async open(): Promise<void> {
    this.database = await testDatabase();
  }
  options(): QueueOptions {
    return { postgres: this.database?.poolConfig ?? {} };
  }
  async clear(): Promise<void> {
    const client = new pg.Client(this.database?.poolConfig);
    await client.connect();
    await client.query('drop schema if exists bullmq cascade');
    await client.end();
  }
  async bare<T>(name: string, use: (queue: BareQueue) => Promise<T>): Promise<T> {
    const pool = new pg.Pool({ ...this.database?.poolConfig, options: '-c search_path=bullmq' });
    const queue = new Queue(name, { connection: pool as unknown as PgPool }, createPostgresBackend);
    try {
      return await use(queue);
    } finally {
      await queue.close();
      await pool.end();
    }
  }
  async close(): Promise<void> {
    await this.database?.drop();
  }
}

class RedisUnderTest implements Store {
  constructor(private readonly server: RealServer) {}
  async open(): Promise<void> {}
  options(): QueueOptions {
    return { redisUrl: this.server.url };
  }
  async clear(): Promise<void> {
    const client = new Redis(this.server.url);
    await client.flushall();
    await client.quit();
  }
  async bare<T>(name: string, use: (queue: BareQueue) => Promise<T>): Promise<T> {
    const client = new Redis(this.server.url);
    const queue = new Queue(name, { connection: client }, createRedisBackend);
    try {
      return await use(queue);
    } finally {
      await queue.close();
      await client.quit();
    }
  }
  async close(): Promise<void> {
    await this.server.stop();
  }
}

const STORES: readonly (readonly [string, Store])[] = [
  ['PostgreSQL', new PostgresUnderTest()],
  ...(redis === null ? [] : [['Redis', new RedisUnderTest(redis)] as const]),
];

const QUICK: Partial<QueueTuning> = { firstRetryMs: 20 };
const NOTHING = async (): Promise<void> => {};
const NO_OTHERS = { lane: NOTHING, report: NOTHING, delivery: NOTHING };

describe.each(STORES)('the queue on %s', (_name, store) => {
  const opened: WorkQueue[] = [];
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

  beforeAll(() => store.open());
  afterAll(() => store.close());
  beforeEach(() => store.clear());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    vi.clearAllMocks();
  });

  async function open(tuning: Partial<QueueTuning> = QUICK): Promise<WorkQueue> {
    const queue = await openQueue(store.options(), logger, tuning);
    opened.push(queue);
    return queue;
  }

  async function work(scan: WorkerHandlers['scan'], tuning?: Partial<QueueTuning>): Promise<WorkQueue> {
    const queue = await open(tuning);
    await queue.startWorkers({ concurrency: 4, scan, ...NO_OTHERS });
    return queue;
  }

  it('opens in two processes at the same time', async () => {
    const queues = await Promise.all([open(), open(), open()]);
    await Promise.all(queues.map((queue) => queue.ping()));
  });

  it('hands each job to one of two workers, exactly once', async () => {
    const seen: string[] = [];
    const workers = new Set<string>();
    const worker = (name: string) => async (targetId: string) => {
      workers.add(name);
      seen.push(targetId);
      await delay(2);
    };
    const [queue] = await Promise.all([work(worker('a')), work(worker('b'))]);
    const ids = Array.from({ length: 200 }, (_, index) => `target-${index}`);
    await Promise.all(ids.map((id) => queue.scans.enqueue(id)));
    await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(ids.length), { timeout: 10_000 });
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(workers).toEqual(new Set(['a', 'b']));
  });

  it('keeps scans, their lanes, reports and deliveries apart', async () => {
    const seen: string[] = [];
    const queue = await open();
    await queue.startWorkers({
      concurrency: 1,
      scan: async () => void seen.push('scan'),
      lane: async ({ scanId, lane }) => void seen.push(`lane ${lane} of ${scanId}`),
      report: async () => void seen.push('report'),
      delivery: async () => void seen.push('delivery'),
    });
    for (const jobs of [queue.scans, queue.reports, queue.deliveries]) await jobs.enqueue('1');
    await queue.lanes.enqueue({ scanId: '1', lane: 3 });
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['delivery', 'lane 3 of 1', 'report', 'scan']));
  });

  it('makes one job of many requests for a target that waits', async () => {
    const producer = await open();
    for (let count = 0; count < 20; count++) await producer.scans.enqueue('one');
    await producer.scans.enqueue('other');
    const seen: string[] = [];
    await work(async (id) => void seen.push(id));
    await vi.waitFor(() => expect(seen).toContain('other'));
    await producer.scans.enqueue('last');
    await vi.waitFor(() => expect(seen).toContain('last'));
    expect(seen.filter((id) => id === 'one')).toHaveLength(1);
  });

  it('runs a target once more when it is requested while it runs, and never twice at the same time', async () => {
    const first = Promise.withResolvers<void>();
    let runs = 0;
    let atOnce = 0;
    const queue = await work(async () => {
      expect(++atOnce).toBe(1);
      if (++runs === 1) await first.promise;
      atOnce--;
    });
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(runs).toBe(1));
    for (let count = 0; count < 5; count++) await queue.scans.enqueue('one');
    expect(runs).toBe(1);
    first.resolve();
    await vi.waitFor(() => expect(runs).toBe(2));
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(runs).toBe(3));
  });

  it('loses no request, whenever it comes', async () => {
    // As the application does: a request is stored, then enqueued; a job takes what is stored at the time it looks.
    const stored = new Map<string, number>();
    const served = new Map<string, number>();
    const serve = async (id: string): Promise<void> => {
      served.set(id, stored.get(id) ?? 0);
      await delay(Math.random() * 3);
    };
    const [queue] = await Promise.all([work(serve), work(serve)]);
    const request = async (id: string): Promise<void> => {
      for (let count = 1; count <= 60; count++) {
        stored.set(id, count);
        await queue.scans.enqueue(id);
        await delay(Math.random() * 6);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(request));
    await vi.waitFor(() => expect(served).toEqual(stored), { timeout: 5_000 });
  });

  it.each<[ErrorCode | 'unknown', number]>([
    ['TARGET_CONFIG_INVALID', 1],
    ['NOT_FOUND', 1],
    ['REMOTE_AUTH_FAILED', 1],
    ['LIMIT_EXCEEDED', 1],
    ['INTERNAL', 3],
    ['unknown', 3],
    ['DEPENDENCY_DOWN', 8],
    ['REMOTE_THROTTLED', 8],
  ])('tries a job that fails with %s %i times', async (code, attempts) => {
    let tried = 0;
    const queue = await work(
      async (id) => {
        if (id === 'good') return;
        tried++;
        throw code === 'unknown' ? new TypeError('x is undefined') : new HygieneError(code, 'It fails.');
      },
      { firstRetryMs: 2 },
    );
    await queue.scans.enqueue('bad');
    await vi.waitFor(() => expect(logger.error).toHaveBeenCalledOnce(), { timeout: 10_000 });
    expect(tried).toBe(attempts);
    // Given up for good: a new request is a new job.
    await queue.scans.enqueue('bad');
    await vi.waitFor(() => expect(tried).toBeGreaterThan(attempts));
  });

  it('waits for as long as the other side asked', async () => {
    const times: number[] = [];
    const queue = await work(async () => {
      times.push(performance.now());
      if (times.length === 1) throw new HygieneError('REMOTE_THROTTLED', 'Slow down.', { retryAfterMs: 600 });
    });
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(times).toHaveLength(2));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(590);
  });

  it('runs jobs that wait for their next try, with two workers', async () => {
    const tries = new Map<string, number>();
    const scan = async (id: string): Promise<void> => {
      const tried = (tries.get(id) ?? 0) + 1;
      tries.set(id, tried);
      if (tried <= 2) throw new HygieneError('DEPENDENCY_DOWN', 'Not yet.');
    };
    const tuning = { firstRetryMs: 150 };
    const [queue] = await Promise.all([work(scan, tuning), work(scan, tuning)]);
    const ids = Array.from({ length: 30 }, (_, index) => `target-${index}`);
    await Promise.all(ids.map((id) => queue.scans.enqueue(id)));
    await vi.waitFor(() => expect([...tries.values()]).toEqual(ids.map(() => 3)), { timeout: 10_000 });
  });

  it('tries the job that was made while another ran as often as any other', async () => {
    const first = Promise.withResolvers<void>();
    let runs = 0;
    const queue = await work(async () => {
      if (++runs === 1) await first.promise;
      if (runs === 2) throw new HygieneError('DEPENDENCY_DOWN', 'Not yet.');
    });
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(runs).toBe(1));
    await queue.scans.enqueue('one');
    first.resolve();
    await vi.waitFor(() => expect(runs).toBe(3));
  });

  it('drains: aborts running jobs, gives them back, takes no further one', async () => {
    const started: string[] = [];
    const holding = await work(async (id, signal) => {
      started.push(id);
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    });
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const id of ids) await holding.scans.enqueue(id);
    await vi.waitFor(() => expect(started).toHaveLength(4));
    await holding.drain(5_000);
    expect(started).toHaveLength(4);
    expect(logger.error).not.toHaveBeenCalled();
    const seen: string[] = [];
    await work(async (id) => void seen.push(id));
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(ids));
  });

  it('still takes requests after it drained', async () => {
    const queue = await work(async () => {});
    await queue.drain(1_000);
    await queue.scans.enqueue('one');
    const seen: string[] = [];
    await work(async (id) => void seen.push(id));
    await vi.waitFor(() => expect(seen).toEqual(['one']));
  });

  it('stops waiting for a job that does not end; another worker takes it over', async () => {
    const tuning = { lockMs: 400, lostJobCheckMs: 150 };
    const hangs = Promise.withResolvers<void>();
    let hanging = false;
    const stuck = await work(async () => {
      hanging = true;
      await hangs.promise;
    }, tuning);
    await stuck.scans.enqueue('one');
    await vi.waitFor(() => expect(hanging).toBe(true));
    const before = performance.now();
    await stuck.drain(100);
    await stuck.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    const seen: string[] = [];
    await work(async (id) => void seen.push(id), tuning);
    await vi.waitFor(() => expect(seen).toEqual(['one']), { timeout: 5_000 });
    hangs.resolve();
  });

  it('gives up a job that took two workers down', async () => {
    const tuning = { lockMs: 200, lostJobCheckMs: 100 };
    const never = Promise.withResolvers<void>();
    let starts = 0;
    const hang = async (): Promise<void> => {
      starts++;
      await never.promise;
    };
    for (const start of [1, 2]) {
      const worker = await work(hang, tuning);
      if (start === 1) await worker.scans.enqueue('poison');
      await vi.waitFor(() => expect(starts).toBe(start), { timeout: 5_000 });
      await worker.drain(0);
    }
    await work(hang, tuning);
    await vi.waitFor(
      () =>
        expect(logger.error).toHaveBeenCalledWith(
          expect.objectContaining({ queue: 'tagward-scans' }),
          'a job was given up',
        ),
      { timeout: 5_000 },
    );
    expect(starts).toBe(2);
  });

  it('drops payloads that are not its own, and says so', async () => {
    const seen: string[] = [];
    const queue = await work(async (id) => void seen.push(id));
    const forged: unknown[] = [
      { version: 2, targetId: 'one' },
      { version: 1, targetId: 'one', approved: true },
      { version: 1, targetId: { $ne: null } },
      { version: 1, targetId: '../../etc/passwd' },
      { version: 1, targetId: 'x'.repeat(201) },
      { version: 1, reportId: 'one' },
      JSON.parse('{"version":1,"targetId":"one","__proto__":{"admin":true}}'),
      'one',
      [],
    ];
    await store.bare('tagward-scans', async (bare) => {
      for (const payload of forged) await bare.add('scan', payload, { attempts: 5 });
    });
    await queue.scans.enqueue('last');
    await vi.waitFor(() => expect(seen).toEqual(['last']));
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledTimes(forged.length));
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('keeps neither the stack nor the message of an error that it does not know', async () => {
    const queue = await work(
      async () => {
        throw new Error('password=hunter2');
      },
      { firstRetryMs: 2 },
    );
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(logger.error).toHaveBeenCalledOnce());
    await vi.waitFor(async () => {
      const [failed] = await store.bare('tagward-scans', (bare) => bare.getFailed());
      expect(failed).toMatchObject({ failedReason: 'INTERNAL: Error', stacktrace: [] });
    });
  });

  it('refuses an id that is none', async () => {
    const queue = await open();
    await expect(queue.scans.enqueue('')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(queue.scans.enqueue('a b\n')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('refuses to start its workers twice', async () => {
    const queue = await work(async () => {});
    const again = { concurrency: 1, scan: NOTHING, ...NO_OTHERS };
    await expect(queue.startWorkers(again)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('can be closed twice', async () => {
    const queue = await work(async () => {});
    await Promise.all([queue.close(), queue.close()]);
    await queue.close();
  });
});
