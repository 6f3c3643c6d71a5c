import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { realServer } from '#testing';
import { openQueue } from '../index.js';

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const evicting = await realServer('redis', {
  spec: import.meta.url,
  parameters: ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'],
});

describe.runIf(evicting)('a Redis that is not fit for a queue', () => {
  afterEach(() => vi.clearAllMocks());
  afterAll(() => evicting?.stop());

  it('is refused when it may drop jobs', async () => {
    const opened = openQueue({ redisUrl: evicting?.url ?? '' }, logger);
    await expect(opened).rejects.toMatchObject({
      code: 'OPERATION_UNSUPPORTED',
      message: expect.stringContaining('maxmemory-policy noeviction'),
    });
  });

  it('is refused when the password is wrong, which no error repeats', async () => {
    const url = new URL(evicting?.url ?? '');
    url.password = 'hunter2hunter2';
    const error: unknown = await openQueue({ redisUrl: url.href }, logger).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'DEPENDENCY_DOWN', message: expect.stringMatching(/WRONGPASS/) });
    const said = JSON.stringify([error, (error as Error).cause, logger.warn.mock.calls], ownProperties);
    expect(said).toContain('WRONGPASS');
    expect(said).not.toContain('hunter2');
  });
});

const forgetful = await realServer('redis', { spec: import.meta.url });

describe.runIf(forgetful)('a Redis that comes back empty', () => {
  afterAll(() => forgetful?.stop());

  it('serves new requests, for a target whose job ran at that time too', async () => {
    const url = forgetful?.url ?? '';
    const queue = await openQueue({ redisUrl: url }, logger);
    const first = Promise.withResolvers<void>();
    let runs = 0;
    const scan = async (): Promise<void> => {
      if (++runs === 1) await first.promise;
    };
    await queue.startWorkers({
      concurrency: 2,
      scan,
      lane: async () => {},
      report: async () => {},
      delivery: async () => {},
    });
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(runs).toBe(1));
    const client = new Redis(url);
    await client.flushall();
    await client.script('FLUSH');
    await client.quit();
    await queue.scans.enqueue('one');
    await vi.waitFor(() => expect(runs).toBe(2), { timeout: 10_000 });
    first.resolve();
    await queue.close();
  });
});

/** Errors keep what they say in properties that JSON leaves out. */
function ownProperties(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return Object.fromEntries(
    Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]),
  );
}
