import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { unitKey } from '#connector-kit';
import { realServer } from '#testing';
import type { ScanRecord } from '../index.js';
import { aWorld, LanePlace, soon, type TestWorld } from './lane-place.fixture.js';

const redis = await realServer('redis', { spec: import.meta.url });
afterAll(() => redis?.stop());

describe.each([['PostgreSQL', null], ...(redis === null ? [] : [['Redis', redis] as const])] as const)(
  'a target of many scopes, with the queue in %s',
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

    async function scanned(world: TestWorld): Promise<ScanRecord> {
      const worker = await place.worker();
      const scan = await place.ended(await place.request(worker.queue, await place.target(world)));
      await place.rest();
      return scan;
    }

    it('is read scope by scope by two workers, and comes to what one reading comes to', async () => {
      const world = aWorld(300);
      const targetId = await place.target(world);
      // Neither has room for all lanes.
      const half = { concurrency: 2 };
      const [one, two] = await Promise.all([place.worker(half), place.worker(half)]);
      world.onRead = () => delay(2);
      const scan = await place.ended(await place.request(one.queue, targetId));

      expect(world.reads.toSorted()).toEqual(
        world.resources
          .filter((_, n) => n % 2 === 0)
          .map(({ scope }) => scope)
          .toSorted(),
      );
      expect(one.reads.length).toBeGreaterThan(20);
      expect(two.reads.length).toBeGreaterThan(20);
      expect(scan).toMatchObject({ status: 'SUCCEEDED', resources: 600, tags: 900 });
      expect(scan).toMatchObject({ progress: { done: 300, total: 300 }, counts: { open: 300, new: 300 } });
      await place.rest();
      expect(outcomeOf(scan)).toEqual(outcomeOf(await scanned(aWorld(300, { scoped: false }))));
      const target = await place.database.stores.targets.find(targetId);
      expect(target).toMatchObject({ openFindings: 300 });
    });

    it('loses one broken scope and nothing else', async () => {
      const world = aWorld(20);
      const broken = { scope: 'scope-7', resourceType: 'instance' };
      world.broken.set(unitKey(broken), 'REMOTE_FAULT');
      const scan = await scanned(world);

      expect(scan).toMatchObject({ status: 'PARTIAL', resources: 38, counts: { open: 19 } });
      expect(scan.errors).toMatchObject([{ code: 'REMOTE_FAULT', scope: 'scope-7' }]);
      const whole = aWorld(20, { scoped: false, broken: world.broken });
      expect(outcomeOf(scan)).toEqual(outcomeOf(await scanned(whole)));
    });

    it('is read by its owner when it has one scope, or none', async () => {
      const [one, none] = [aWorld(1), aWorld(0)];
      expect(await scanned(one)).toMatchObject({ status: 'SUCCEEDED', resources: 2, counts: { open: 1 } });
      expect(await scanned(none)).toMatchObject({ status: 'SUCCEEDED', resources: 0 });
      expect([one.reads, none.reads]).toEqual([[null], [null]]);
    });

    it('knows what is gone when all scopes were listed, and only then', async () => {
      const world = aWorld(30);
      const targetId = await place.target(world);
      const worker = await place.worker();
      const scan = async () => place.ended(await place.request(worker.queue, targetId));
      expect(await scan()).toMatchObject({ status: 'SUCCEEDED', counts: { open: 30 } });

      // The last two scopes are gone, and the list of the others breaks off.
      world.resources.splice(56);
      world.catalogFault = 'REMOTE_TIMEOUT';
      const half = await scan();
      expect(half).toMatchObject({ status: 'PARTIAL', progress: { total: 14 } });
      expect(half.counts).toMatchObject({ open: 30, resolved: 0 });
      expect(half.errors).toMatchObject([{ code: 'REMOTE_TIMEOUT', scope: null }]);

      world.catalogFault = null;
      expect(await scan()).toMatchObject({
        status: 'SUCCEEDED',
        errors: [],
        counts: { open: 28, resolved: 2 },
      });
    });

    it('does not believe at once that most of its scopes are gone', async () => {
      const world = aWorld(30);
      const targetId = await place.target(world);
      const worker = await place.worker();
      const scan = async () => place.ended(await place.request(worker.queue, targetId));
      await scan();
      world.resources.splice(4);

      const doubtful = await scan();
      expect(doubtful).toMatchObject({ status: 'PARTIAL', counts: { open: 30, resolved: 0 } });
      expect(doubtful.errors).toMatchObject([{ code: 'IMPLAUSIBLE_DROP', scope: null }]);
      expect(await scan()).toMatchObject({ status: 'SUCCEEDED', counts: { open: 2, resolved: 28 } });
    });

    it('does not keep others waiting', async () => {
      const [large, small] = [aWorld(200), aWorld(20)];
      large.onRead = small.onRead = () => delay(15);
      const worker = await place.worker({ sliceMs: 60 });
      const first = await place.request(worker.queue, await place.target(large));
      await soon(() => expect(large.reads.length).toBeGreaterThan(8));
      const second = await place.request(worker.queue, await place.target(small));
      const ended = await place.ended(second);

      expect(ended.status).toBe('SUCCEEDED');
      expect(large.reads.length).toBeLessThan(150);
      expect(await place.scan(first)).toMatchObject({ status: 'RUNNING', progress: { total: 200 } });
      expect(await place.ended(first)).toMatchObject({ status: 'SUCCEEDED', progress: { done: 200 } });
    });

    it('is judged by the rules with which its scan began', async () => {
      const world = aWorld(20);
      const worker = await place.worker();
      const later = Promise.withResolvers<void>();
      world.onRead = (scope) => (Number(scope?.slice(6)) < 10 ? Promise.resolve() : later.promise);
      const id = await place.request(worker.queue, await place.target(world));
      await soon(async () => expect((await place.scan(id)).progress.done).toBe(10));
      const { rulePacks } = await place.scan(id);
      await place.storePack('griffin-');
      later.resolve();

      const scan = await place.ended(id);
      await place.storePack('phoenix-');
      expect(rulePacks).toMatchObject([{ name: 'p' }]);
      expect(scan).toMatchObject({ rulePacks, counts: { open: 20, resolved: 0 } });
    });

    it('is not asked more often once it refuses the credential', async () => {
      const world = aWorld(100);
      const worker = await place.worker();
      world.onRead = async () => {
        if (world.reads.length > 10) world.password = 'another';
      };
      const id = await place.request(worker.queue, await place.target(world));
      const scan = await place.ended(id);

      expect(world.reads.length).toBeLessThan(25);
      expect(scan).toMatchObject({ status: 'PARTIAL', progress: { done: 100, total: 100 } });
      expect(new Set(scan.errors.map(({ code }) => code))).toEqual(new Set(['REMOTE_AUTH_FAILED']));
      const [rest, ...others] = scan.errors.filter(({ scope }) => scope === null);
      expect(rest?.message).toMatch(/the rest of its parts was not tried/);
      expect(others).toEqual([]);
      expect(scan.errors.length + scan.resources / 2).toBe(world.reads.length + 1);
    });
  },
);

/** What a scan came to, whoever read it. */
function outcomeOf({ status, resources, tags, counts, errors, notEvaluated, rulePacks }: ScanRecord) {
  return { status, resources, tags, counts, errors, notEvaluated, rulePacks };
}
