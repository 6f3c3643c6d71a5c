import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { realServer, testDatabase, type TestDatabase } from '#testing';
import { openQueue, type QueueOptions, type WorkQueue } from './index.js';

const redis = await realServer('redis', { spec: import.meta.url });
const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

/** Stands between the queue and its store, and can be cut or stand still. */
class Wire {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private still = false;
  private hangsUp = false;
  port = 0;
  /** Connections that were hung up on. */
  refused = 0;

  constructor(private readonly reach: () => Socket) {}

  async up(): Promise<void> {
    this.still = false;
    this.server = createServer((near) => this.join(near)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
  }

  async cut(): Promise<void> {
    const closed = once(this.server ?? createServer(), 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  freeze(): void {
    this.still = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Takes connections and closes them at once, as a proxy without a server does. */
  hangUp(): void {
    this.hangsUp = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    if (this.hangsUp) {
      this.refused++;
      near.on('error', () => undefined);
      near.destroy();
      return;
    }
    const far = this.reach();
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.still) from.pause();
    }
  }
}

interface Place {
  readonly wire: Wire;
  options(): QueueOptions;
}

let database: TestDatabase;

function postgresPlace(): Place {
  const at = new pg.Client(database.poolConfig);
  const wire = new Wire(() =>
    at.host.startsWith('/') ? connect(`${at.host}/.s.PGSQL.${at.port}`) : connect(at.port, at.host),
  );
  const { user, password, database: name } = at as { user?: string; password?: string; database?: string };
  return {
    wire,
    options: () => ({
      postgres: { host: '127.0.0.1', port: wire.port, user, password: password ?? '', database: name },
    }),
  };
}

function redisPlace(): Place {
  const url = new URL(redis?.url ?? '');
  const wire = new Wire(() => connect(Number(url.port), url.hostname));
  return {
    wire,
    options: () => {
      const through = new URL(url);
      through.port = String(wire.port);
      return { redisUrl: through.href };
    },
  };
}

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.drop();
  await redis?.stop();
});

describe.each([
  ['PostgreSQL', postgresPlace],
  ...(redis === null ? [] : [['Redis', redisPlace] as const]),
] as const)('when %s is away', (_name, place) => {
  let queue: WorkQueue | null = null;

  afterEach(async () => {
    await queue?.close();
    queue = null;
    vi.clearAllMocks();
  });

  async function failsFast(work: Promise<void>): Promise<void> {
    const before = performance.now();
    await expect(work).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' });
    expect(performance.now() - before).toBeLessThan(2_000);
  }

  it('does not open, and tells no secret', async () => {
    const { options } = place();
    const error: unknown = await openQueue(options(), logger).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'DEPENDENCY_DOWN' });
    const password = JSON.stringify(options()).match(/(?:"password":"|redis:\/\/:)([^"@]+)/)?.[1] ?? '';
    expect(password.length).toBeGreaterThan(5);
    expect(`${String(error)} ${JSON.stringify([error, logger.warn.mock.calls])}`).not.toContain(password);
  });

  it('answers at once when connections are refused, and works again after', async () => {
    const { wire, options } = place();
    await wire.up();
    queue = await openQueue(options(), logger);
    const seen: string[] = [];
    await queue.startWorkers({
      concurrency: 2,
      scan: async (id) => void seen.push(id),
      lane: async () => {},
      report: async () => {},
      delivery: async () => {},
    });
    await queue.scans.enqueue('before');
    await vi.waitFor(() => expect(seen).toEqual(['before']));

    await wire.cut();
    await failsFast(queue.ping());
    await failsFast(queue.scans.enqueue('lost'));
    await delay(500);
    // A worker's loop that spins would have filled the log by now.
    expect(logger.warn.mock.calls.length).toBeLessThan(10);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.anything(),
      'the queue lost its store; it is tried again',
    );

    await wire.up();
    await vi.waitFor(() => queue?.scans.enqueue('after'), { timeout: 5_000 });
    await vi.waitFor(() => expect(seen).toContain('after'), { timeout: 10_000 });
    await queue.ping();
    expect(logger.info).toHaveBeenCalledWith(expect.anything(), 'the queue has its store again');
    await queue.close();
    await wire.cut();
  });

  it('does not storm a server that hangs up in the middle of work', async () => {
    const { wire, options } = place();
    await wire.up();
    queue = await openQueue(options(), logger);
    for (let job = 0; job < 100; job++) await queue.scans.enqueue(`storm-${job}`);
    let ran = 0;
    const scan = async (): Promise<void> => {
      ran++;
      await delay(10);
    };
    await queue.startWorkers({
      concurrency: 4,
      scan,
      lane: async () => {},
      report: async () => {},
      delivery: async () => {},
    });
    await vi.waitFor(() => expect(ran).toBeGreaterThan(10), { interval: 5 });
    wire.hangUp();
    await delay(1_000);
    expect(ran).toBeLessThan(100);
    expect(wire.refused).toBeGreaterThan(0);
    expect(wire.refused).toBeLessThan(60);
    await failsFast(queue.ping());
    await queue.close();
    await wire.cut();
  });

  it('answers within two seconds when nothing comes back', async () => {
    const { wire, options } = place();
    await wire.up();
    queue = await openQueue(options(), logger);
    wire.freeze();
    await Promise.all([
      failsFast(queue.ping()),
      failsFast(queue.scans.enqueue('one')),
      failsFast(queue.reports.enqueue('one')),
    ]);
    await wire.cut();
  });

  it('stops although it is away', async () => {
    const { wire, options } = place();
    await wire.up();
    queue = await openQueue(options(), logger);
    await queue.startWorkers({
      concurrency: 1,
      scan: async () => {},
      lane: async () => {},
      report: async () => {},
      delivery: async () => {},
    });
    await wire.cut();
    const before = performance.now();
    await queue.drain(500);
    await queue.close();
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
