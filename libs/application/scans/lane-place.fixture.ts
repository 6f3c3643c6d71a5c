import pg from 'pg';
import { vi } from 'vitest';
import { inMemoryConnector, inMemoryWorld, memoryEnvironment, type InMemoryWorld } from '#connector-kit';
import { HygieneError, type Connector, type ListRequest, type Resource } from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { openQueue, type QueueOptions, type WorkQueue } from '#queue';
import { aResource, aTag, testDatabase, type RealServer, type TestDatabase } from '#testing';
import {
  AesSecretBox,
  LoadPolicy,
  OpenTarget,
  RecoverWork,
  ScanLane,
  ScanTarget,
  type Connectors,
  type Database,
  type ScanRecord,
} from '../index.js';

/** A world whose readings a test can hold up. */
export interface TestWorld extends InMemoryWorld {
  /** Scopes that were read, in order; null stands for a whole reading. */
  readonly reads: (string | null)[];
  /** Called before a scope is read. */
  onRead: (scope: string | null, signal: AbortSignal) => Promise<void>;
}

/** `scopes` scopes of two resources each: one is faulty, one is not. */
export function aWorld(scopes: number, change: Partial<InMemoryWorld> = {}): TestWorld {
  const resources = Array.from({ length: scopes }, (_, n): Resource[] => {
    const place = { scope: `scope-${n}`, resourceType: 'instance' };
    return [
      aResource(`i-${n}-a`, [aTag('phoenix-id'), aTag('Name')], place),
      aResource(`i-${n}-b`, [aTag('Name')], place),
    ];
  });
  const world = { ...inMemoryWorld(resources.flat()), scoped: true, ...change };
  return { ...world, reads: [], onRead: async () => {} };
}

export const silent = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const clock = { now: () => new Date() };

/** Waits until the scan, or what else is asked, is as wanted. */
export const soon = <T>(check: () => T | Promise<T>, timeout = 20_000): Promise<T> =>
  vi.waitFor(check, { timeout, interval: 10 });

export interface TestWorker {
  readonly queue: WorkQueue;
  /** Scopes that it read. */
  readonly reads: string[];
  drain(): Promise<void>;
}

type Parts = ConstructorParameters<typeof ScanTarget>[0] & ConstructorParameters<typeof ScanLane>[0];

/** One deployment: a database, a queue in PostgreSQL or Redis, targets in memory, and as many workers as a test starts. */
export class LanePlace {
  private readonly worlds = new Map<string, TestWorld>();
  private readonly open: WorkQueue[] = [];

  private constructor(
    private readonly server: TestDatabase,
    readonly database: PostgresDatabase,
    private readonly redis: RealServer | null,
  ) {}

  static async start(redis: RealServer | null): Promise<LanePlace> {
    const server = await testDatabase();
    const database = await openDatabase({ poolConfig: { ...server.poolConfig, max: 20 } });
    await database.migrate();
    const place = new LanePlace(server, database, redis);
    await place.storePack('phoenix-');
    return place;
  }

  /** A rule that condemns keys with this prefix. */
  async storePack(prefix: string): Promise<void> {
    const document = `pack: p\nrules:\n  - { id: dead, kind: stale-key, keys: [{ prefix: ${prefix} }] }\n`;
    const pack = { name: 'p', document, rules: [], createdBy: 'test', expectedVersion: null };
    await this.database.stores.rulePacks.append(pack);
  }

  async target(world: TestWorld): Promise<string> {
    const name = `target ${crypto.randomUUID()}`;
    this.worlds.set(JSON.stringify(name), world);
    const { id } = await this.database.stores.targets.insert({
      ...{ name, platform: world.platform, location: name, config: { name }, credentialId: null },
      ...{ rulePacks: null, mode: 'READ_ONLY', labels: [] },
    });
    return id;
  }

  /** Asks for a scan, as the API does. */
  async request(queue: WorkQueue, targetId: string): Promise<string> {
    const { scans } = this.database.stores;
    const { scan } = await scans.enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null });
    await queue.scans.enqueue(targetId);
    return scan.id;
  }

  async scan(id: string): Promise<ScanRecord> {
    const scan = await this.database.stores.scans.find(id);
    if (scan === null) throw new Error(`there is no scan ${id}`);
    return scan;
  }

  async ended(id: string): Promise<ScanRecord> {
    return soon(async () => {
      const scan = await this.scan(id);
      if (scan.finishedAt === null) throw new Error(`the scan ${id} is ${scan.status}`);
      return scan;
    }, 40_000);
  }

  async queue(): Promise<WorkQueue> {
    const options: QueueOptions =
      this.redis === null ? { postgres: this.server.poolConfig } : { redisUrl: this.redis.url };
    const queue = await openQueue(options, silent, { firstRetryMs: 20 });
    this.open.push(queue);
    return queue;
  }

  /** @param database what it works on, when that is not the plain one */
  async worker(
    options: { sliceMs?: number; concurrency?: number; database?: Database } = {},
  ): Promise<TestWorker> {
    const { sliceMs = 200, concurrency = 4, database = this.database } = options;
    const queue = await this.queue();
    const reads: string[] = [];
    const deps = this.useCases(queue, database, reads);
    const scanTarget = new ScanTarget(deps);
    const scanLane = new ScanLane(deps, sliceMs);
    await queue.startWorkers({
      concurrency,
      scan: (targetId, signal) => scanTarget.execute(targetId, signal),
      lane: (lane, signal) => scanLane.execute(lane, signal),
      report: async () => {},
      delivery: async () => {},
    });
    return { queue, reads, drain: () => queue.drain(10_000) };
  }

  /** What every worker does now and then; 0 as at the start of the only one. */
  async recover(queue: WorkQueue, staleAfterMs: number): Promise<void> {
    const { database } = this;
    const deps = {
      database,
      scanQueue: queue.scans,
      laneQueue: queue.lanes,
      reportQueue: queue.reports,
      deliveryQueue: queue.deliveries,
      clock,
      logger: silent,
      detailsKeptMs: 90 * 24 * 60 * 60 * 1_000,
    };
    await new RecoverWork(deps).execute(staleAfterMs);
  }

  /** One job of a target, without a queue. */
  async run(targetId: string, deps: Parts): Promise<void> {
    await new ScanTarget(deps).execute(targetId, new AbortController().signal);
  }

  async runLane(scanId: string, deps: Parts, sliceMs = 60_000): Promise<void> {
    await new ScanLane(deps, sliceMs).execute({ scanId, lane: 0 }, new AbortController().signal);
  }

  useCases(queue: WorkQueue, database: Database = this.database, reads: string[] = []): Parts {
    const connectors = this.connectors(reads);
    const secretBox = new AesSecretBox(Buffer.alloc(32, 7));
    return {
      database,
      openTarget: new OpenTarget({ database, connectors, secretBox }),
      loadPolicy: new LoadPolicy(database.stores.rulePacks),
      scanQueue: queue.scans,
      laneQueue: queue.lanes,
      deliveryQueue: queue.deliveries,
      clock,
      logger: silent,
    };
  }

  /** Holds a scan as a batch of a lane does that takes long. */
  async holding(scanId: string, work: () => Promise<void>): Promise<void> {
    const client = new pg.Client(this.server.poolConfig);
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select from tagward.scan where id = $1 for key share', [scanId]);
      await work();
    } finally {
      await client.end();
    }
  }

  /** Stops all workers; the next test starts its own. */
  async rest(): Promise<void> {
    await Promise.all(this.open.splice(0).map((queue) => queue.close()));
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.database.close();
    await this.server.drop();
  }

  private connectors(reads: string[]): Connectors {
    return {
      descriptor: () => null,
      check: async () => {},
      open: async (_platform, config) => {
        const world = this.worlds.get(JSON.stringify(config['name']));
        if (world === undefined) throw new HygieneError('TARGET_CONFIG_INVALID', 'There is no such world.');
        const request = { config, secret: null, environment: memoryEnvironment() };
        return watched(await inMemoryConnector(world).open(request), world, reads);
      },
    };
  }
}

function watched(connector: Connector, world: TestWorld, reads: string[]): Connector {
  const listResources = connector.listResources.bind(connector);
  return Object.assign(connector, {
    async *listResources(request: ListRequest) {
      const scope = request.scopes?.[0] ?? null;
      world.reads.push(scope);
      if (scope !== null) reads.push(scope);
      await world.onRead(scope, request.signal);
      yield* listResources(request);
    },
  });
}
