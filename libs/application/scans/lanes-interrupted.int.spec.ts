import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HygieneError } from '#core';
import { realServer } from '#testing';
import { CancelScan } from './cancel-scan.js';
import { DeleteTarget } from '../targets/delete-target.js';
import type { Database, Viewer } from '../index.js';
import { aWorld, LanePlace, silent, soon, type TestWorld } from './lane-place.fixture.js';

const redis = await realServer('redis', { spec: import.meta.url });
afterAll(() => redis?.stop());
const clock = { now: () => new Date() };
const admin: Viewer = { subject: 'bootstrap', source: 'BOOTSTRAP', scopes: ['ADMIN'], targetIds: null };

describe.each([['PostgreSQL', null], ...(redis === null ? [] : [['Redis', redis] as const])] as const)(
  'a scan in its lanes, with the queue in %s',
  (_name, store) => {
    let place: LanePlace;
    beforeAll(async () => {
      place = await LanePlace.start(store);
    });
    afterEach(async () => {
      await place.rest();
      vi.clearAllMocks();
    });
    afterAll(() => place.stop());

    const waiting = (id: string) => place.database.stores.scanScopes.waiting(id);

    it('ends at once when it is cancelled, and its lanes stop within two seconds', async () => {
      const { world, stopped } = hanging(aWorld(50));
      const worker = await place.worker();
      const id = await place.request(worker.queue, await place.target(world));
      await soon(() => expect(world.reads).toHaveLength(4));

      const cancelled = await new CancelScan({ database: place.database, clock }).execute(admin, { id });
      expect(cancelled).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
      await soon(() => expect(stopped()).toBe(4), 2_000);
      await worker.drain();
      expect(world.reads).toHaveLength(4);
      expect(await place.scan(id)).toEqual(cancelled);
      expect(await scopesOf(place.database, id)).toEqual([]);
    });

    it('stops when its target is removed, however busy its lanes are', async () => {
      const world = aWorld(400);
      const worker = await place.worker();
      const targetId = await place.target(world);
      const id = await place.request(worker.queue, targetId);
      await soon(async () => expect((await place.scan(id)).resources).toBeGreaterThan(10));

      const { database } = place;
      expect(await new DeleteTarget({ database, clock }).execute(admin, { id: targetId })).toBe(true);
      await worker.drain();
      expect(world.reads.length).toBeLessThan(400);
      expect(await database.stores.scans.find(id)).toBeNull();
      expect(await scopesOf(database, id)).toEqual([]);
      expect(silent.error).not.toHaveBeenCalled();
    });

    it('is told to stop before its target is removed: its batches would never let go of it', async () => {
      const { world, release } = hanging(aWorld(10));
      const worker = await place.worker();
      const targetId = await place.target(world);
      const id = await place.request(worker.queue, targetId);
      await soon(() => expect(world.reads).toHaveLength(4));
      const { database } = place;
      let removed: Promise<boolean> = Promise.resolve(false);
      await place.holding(id, async () => {
        removed = new DeleteTarget({ database, clock }).execute(admin, { id: targetId });
        await soon(async () => expect((await place.scan(id)).status).toBe('CANCELLED'), 5_000);
      });
      expect(await removed).toBe(true);
      expect(await database.stores.scans.find(id)).toBeNull();
      release();
    });

    it('goes on where it was when its worker drains, which costs no attempt', async () => {
      const { world, release } = hanging(aWorld(40), 10);
      const worker = await place.worker();
      const id = await place.request(worker.queue, await place.target(world));
      await soon(async () => expect((await place.scan(id)).progress.done).toBe(10));
      await soon(() => expect(world.reads).toHaveLength(14));
      const before = performance.now();
      await worker.drain();
      expect(performance.now() - before).toBeLessThan(5_000);
      expect(await place.database.stores.scanScopes.claim(id)).toMatchObject({ scope: 'scope-10' });
      await place.recover(worker.queue, 0);
      release();

      await place.worker();
      expect(await place.ended(id)).toMatchObject({
        status: 'SUCCEEDED',
        resources: 80,
        counts: { open: 40 },
      });
      expect(new Set(world.reads).size).toBe(40);
      expect(world.reads).toHaveLength(44);
    });

    it('loses nothing when the queue is lost, whenever that is', async () => {
      const world = aWorld(12);
      const targetId = await place.target(world);
      const lost = {
        enqueue: () => Promise.reject(new HygieneError('DEPENDENCY_DOWN', 'There is no queue.')),
      };
      const queue = await place.queue();
      const deps = { ...place.useCases(queue), laneQueue: lost, scanQueue: lost };
      const { scan } = await place.database.stores.scans.enqueue({
        ...{ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null },
      });
      await place.run(targetId, deps);
      expect(await place.scan(scan.id)).toMatchObject({
        status: 'RUNNING',
        progress: { done: 0, total: 12 },
      });
      expect(await waiting(scan.id)).not.toBeNull();
      await place.runLane(scan.id, deps, 0);
      expect((await place.scan(scan.id)).progress.done).toBe(1);
      await place.runLane(scan.id, deps);
      expect(await place.scan(scan.id)).toMatchObject({
        status: 'RUNNING',
        progress: { done: 12, total: 12 },
      });
      expect(silent.warn).toHaveBeenCalled();

      await place.worker();
      await place.recover(queue, 30_000);
      expect(await place.ended(scan.id)).toMatchObject({ status: 'SUCCEEDED', counts: { open: 12 } });
    });

    it('gets its lanes anew from recovery alone', async () => {
      const world = aWorld(12);
      const targetId = await place.target(world);
      const lost = {
        enqueue: () => Promise.reject(new HygieneError('DEPENDENCY_DOWN', 'There is no queue.')),
      };
      const worker = await place.worker();
      const { scan } = await place.database.stores.scans.enqueue({
        ...{ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null },
      });
      await place.run(targetId, { ...place.useCases(worker.queue), laneQueue: lost });
      expect(world.reads).toEqual([]);

      await place.recover(worker.queue, 30_000);
      expect(await place.ended(scan.id)).toMatchObject({ status: 'SUCCEEDED', counts: { open: 12 } });
    });

    it('is not written by a lane that was overtaken', async () => {
      const world = aWorld(8);
      const [late, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      world.onRead = async (scope) => {
        if (scope === 'scope-7') await last.promise;
        if (scope !== 'scope-0' || world.reads.length > 1) return;
        await late.promise;
        // It wakes up in another world: what it reads now must not be stored.
        world.resources = world.resources.map((one) => ({ ...one, resource: `${one.resource}-of-another` }));
      };
      const worker = await place.worker({ concurrency: 1 });
      const id = await place.request(worker.queue, await place.target(world));
      await soon(() => expect(world.reads).toEqual(['scope-0']));
      await place.recover(worker.queue, 0);
      await place.worker();
      await soon(async () => expect((await place.scan(id)).progress.done).toBe(7));
      late.resolve();
      await worker.drain();
      world.resources = world.resources.map((one) => ({ ...one, resource: one.resource.slice(0, 5) }));
      last.resolve();

      const scan = await place.ended(id);
      expect(scan).toMatchObject({ status: 'SUCCEEDED', resources: 16, tags: 24, counts: { open: 8 } });
      const stored = await place.database.readModels.resources(
        { targetIds: [scan.targetId] },
        { first: 50, after: null },
        null,
      );
      expect(stored.edges.map(({ node }) => node.resource).toSorted()).toEqual(
        aWorld(8)
          .resources.map(({ resource }) => resource)
          .toSorted(),
      );
    });

    it('outlives a scope that takes its workers down', async () => {
      const { world, release } = hanging(aWorld(6), 0);
      const worker = await place.worker({ concurrency: 1 });
      const id = await place.request(worker.queue, await place.target(world));
      await soon(() => expect(world.reads).toEqual(['scope-0']));
      const { scanScopes } = place.database.stores;
      await scanScopes.recover(0, 3);
      // Two more lanes take it and are never heard of again.
      for (let times = 2; times <= 3; times++) {
        expect(await scanScopes.claim(id)).toMatchObject({ scope: 'scope-0' });
        await scanScopes.recover(0, 3);
      }
      release();

      const scan = await place.ended(id);
      expect(scan).toMatchObject({ status: 'PARTIAL', resources: 10, progress: { done: 6, total: 6 } });
      expect(scan.errors).toMatchObject([{ code: 'WORKER_LOST', scope: 'scope-0', retryable: true }]);
    });

    it('tries a scope again when the database was away', async () => {
      const world = aWorld(6);
      let times = 0;
      const database: Database = {
        stores: place.database.stores,
        signals: place.database.signals,
        transaction: (work) => place.database.transaction(work),
        snapshot: (work) => place.database.snapshot(work),
        ping: () => place.database.ping(),
        openScanSession: async (request) => {
          if (request.lane !== undefined && ++times <= 2)
            throw new HygieneError('DEPENDENCY_DOWN', 'The database is away.');
          return place.database.openScanSession(request);
        },
      };
      const worker = await place.worker({ database });
      const id = await place.request(worker.queue, await place.target(world));

      expect(await place.ended(id)).toMatchObject({ status: 'SUCCEEDED', resources: 12, errors: [] });
      expect(times).toBe(8);
    });

    it('ends with the reason when its target can no longer be opened', async () => {
      const world = aWorld(20);
      const worker = await place.worker({ sliceMs: 0 });
      const targetId = await place.target(world);
      const { world: held, release } = hanging(world, 0);
      const id = await place.request(worker.queue, targetId);
      await soon(() => expect(held.reads.length).toBeGreaterThan(0));
      await place.database.stores.targets.update(targetId, { config: { name: 'nowhere' } });
      release();

      const scan = await place.ended(id);
      expect(scan.errors).toMatchObject([{ code: 'TARGET_CONFIG_INVALID', scope: null }]);
      expect(scan.errors[0]?.message).toMatch(/There is no such world.*the rest of its parts was not tried/);
    });

    it('lists anew when its listing was cut off', async () => {
      const world = aWorld(10);
      const targetId = await place.target(world);
      const { scans, scanScopes } = place.database.stores;
      const { scan } = await scans.enqueue({
        ...{ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null },
      });
      await scans.claim(targetId, 'dead');
      await scanScopes.add(scan.id, 'dead', ['scope-3', 'scope-of-yesterday']);
      const worker = await place.worker();
      await place.recover(worker.queue, 0);

      expect(await place.ended(scan.id)).toMatchObject({ status: 'SUCCEEDED', progress: { total: 10 } });
      expect(world.reads).not.toContain('scope-of-yesterday');
    });
  },
);

/** From the scope of that number on, readings wait until they are aborted or released. */
function hanging(world: TestWorld, from = 0) {
  const gate = Promise.withResolvers<void>();
  let stopped = 0;
  world.onRead = async (scope, signal) => {
    if (Number(scope?.slice(6)) < from) return;
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => {
      stopped++;
      aborted.reject(signal.reason as Error);
    });
    await Promise.race([gate.promise, aborted.promise]);
  };
  return { world, stopped: () => stopped, release: () => gate.resolve() };
}

async function scopesOf(database: Database, scanId: string): Promise<string[]> {
  const scopes: string[] = [];
  for await (const { scope } of database.stores.scanScopes.results(scanId)) scopes.push(scope);
  return scopes;
}
