import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aResource, aTag } from '#testing';
import { v7 as uuidv7 } from 'uuid';
import {
  MakeReport,
  NOTIFICATION_EVENTS,
  RecoverWork,
  type Database,
  type DeliveryRecord,
  type NotificationEvent,
  type ScanRecord,
} from '../index.js';
import { aWorld, LanePlace, silent, type TestWorld } from '../scans/lane-place.fixture.js';

const clock = { now: () => new Date() };
const FIRST_PAGE = { first: 200, after: null };

let place: LanePlace;
const channels: string[] = [];
/** Channels that the queue was told of. */
let told: string[] = [];
const deliveryQueue = { enqueue: async (id: string) => void told.push(id) };
beforeAll(async () => {
  place = await LanePlace.start(null);
});
beforeEach(() => {
  told = [];
});
afterEach(async () => {
  for (const id of channels.splice(0)) await place.database.stores.notificationChannels.remove(id);
  await place.rest();
});
afterAll(() => place.stop());

async function channel(
  events: readonly NotificationEvent[] = NOTIFICATION_EVENTS,
  enabled = true,
): Promise<string> {
  const id = uuidv7();
  const rest = { kind: 'SLACK', address: 'https://x.test/…', sealed: 'sealed' } as const;
  await place.database.stores.notificationChannels.save({
    id,
    name: `channel ${id}`,
    events,
    enabled,
    ...rest,
  });
  channels.push(id);
  return id;
}

async function logOf(id: string): Promise<readonly DeliveryRecord[]> {
  const pages = await place.database.readModels.deliveriesOfChannels([id], FIRST_PAGE);
  return (pages.get(id)?.edges ?? []).map(({ node }) => node);
}
const eventsOf = async (id: string) => (await logOf(id)).map(({ event }) => event);
const newsOf = async (id: string) =>
  (await place.database.stores.notificationDeliveries.claim(id, 30_000))?.news;

/** Runs one scan of the target to its end. */
async function scan(targetId: string, database: Database = place.database): Promise<ScanRecord> {
  const { scans } = place.database.stores;
  const { scan: queued } = await scans.enqueue({
    targetId,
    trigger: 'MANUAL',
    rulePacks: null,
    scopes: null,
  });
  const queue = await place.queue();
  await place.run(targetId, { ...place.useCases(queue, database), deliveryQueue });
  return place.scan(queued.id);
}

/** Of 100 tags so many are faulty: each costs what a medium fault weighs, 0.3 points. */
function worldWith(faults: number): TestWorld {
  const world = aWorld(0);
  world.resources = resourcesWith(faults);
  return world;
}
const resourcesWith = (faults: number) =>
  Array.from({ length: 100 }, (_, n) => aResource(`i-${n}`, [aTag(n < faults ? 'phoenix-id' : 'Name')]));

describe('the end of a scan', () => {
  it('is one delivery for each channel that wants it, and tells the queue', async () => {
    const [all, done] = [await channel(), await channel(['SCAN_DONE'])];
    const others = [await channel(['SCAN_FAILED', 'REPORT_READY']), await channel(['SCAN_DONE'], false)];
    const world = worldWith(4);
    const ended = await scan(await place.target(world));

    for (const id of [all, done])
      expect(await logOf(id)).toMatchObject([
        { event: 'SCAN_DONE', status: 'QUEUED', attempts: 0, error: null, scanIds: [ended.id] },
      ]);
    for (const id of others) expect(await logOf(id)).toEqual([]);
    expect(told.toSorted()).toEqual([all, done].toSorted());
    expect(await newsOf(all)).toMatchObject({
      event: 'SCAN_DONE',
      data: {
        target: { platform: 'ec2' },
        scan: { id: ended.id, status: 'SUCCEEDED', open: 4, new: 4, resolved: 0, tags: 100, errors: 0 },
        previousScore: null,
      },
    });
  });

  it('is told of with its errors when it failed, and not at all when somebody cancelled it', async () => {
    const id = await channel();
    const world = worldWith(1);
    world.reachable = false;
    const targetId = await place.target(world);
    const failed = await scan(targetId);
    expect(failed.status).toBe('FAILED');
    expect(await eventsOf(id)).toEqual(['SCAN_FAILED']);
    expect(await newsOf(id)).toMatchObject({
      data: { scan: { errors: 1, firstErrors: [{ code: failed.errors[0]?.code }] }, score: null },
    });

    world.reachable = true;
    world.onRead = async () => {
      await place.database.stores.scans.requestCancelOf(targetId);
      world.hanging = true;
    };
    expect((await scan(targetId)).status).toBe('CANCELLED');
    expect(await eventsOf(id)).toEqual(['SCAN_FAILED']);
  });

  it('is stored with the scan or not at all', async () => {
    const id = await channel();
    const targetId = await place.target(worldWith(1));
    const broken: Database = {
      stores: place.database.stores,
      signals: place.database.signals,
      snapshot: (work) => place.database.snapshot(work),
      openScanSession: (request) => place.database.openScanSession(request),
      ping: () => place.database.ping(),
      transaction: (work) =>
        place.database.transaction(async (stores) => {
          await work(stores);
          throw new Error('the connection was lost');
        }),
    };
    await expect(scan(targetId, broken)).rejects.toThrow('the connection was lost');
    expect(await logOf(id)).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is told of when its worker was lost for good', async () => {
    const id = await channel(['SCAN_FAILED']);
    const { stores } = place.database;
    const targetId = await place.target(worldWith(1));
    const { scan: queued } = await stores.scans.enqueue({
      ...{ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null },
    });
    const queue = await place.queue();
    const recover = new RecoverWork({
      ...{
        database: place.database,
        scanQueue: queue.scans,
        laneQueue: queue.lanes,
        reportQueue: queue.reports,
      },
      ...{ deliveryQueue, clock, logger: silent, detailsKeptMs: 90 * 24 * 60 * 60 * 1_000 },
    });
    for (let start = 0; start < 20 && (await eventsOf(id)).length === 0; start++) {
      await stores.scans.claim(targetId, `owner-${start}`);
      await recover.execute(0);
    }
    expect(await place.scan(queued.id)).toMatchObject({ status: 'FAILED' });
    expect(await newsOf(id)).toMatchObject({ data: { scan: { firstErrors: [{ code: 'WORKER_LOST' }] } } });
    expect(told).toContain(id);
  });
});

describe('a score', () => {
  it('that fell by a point is told of, also when it fell little by little, and not when it rose', async () => {
    const id = await channel(['SCORE_FALLEN']);
    const world = worldWith(0);
    const targetId = await place.target(world);
    const fallsTo = async (faults: number) => {
      world.resources = resourcesWith(faults);
      const before = (await logOf(id)).length;
      await scan(targetId);
      return (await logOf(id)).length - before;
    };

    expect(await fallsTo(10)).toBe(0);
    expect(await fallsTo(13)).toBe(0);
    expect(await fallsTo(14)).toBe(1);
    expect(await newsOf(id)).toMatchObject({
      event: 'SCORE_FALLEN',
      data: { score: expect.closeTo(95.8), previousScore: expect.closeTo(97), scan: { open: 14, new: 1 } },
    });
    expect(await fallsTo(17)).toBe(0);
    expect(await fallsTo(4)).toBe(0);
    expect(await fallsTo(8)).toBe(1);
  });
});

describe('a report', () => {
  it('is told of once it is ready, once', async () => {
    const id = await channel(['REPORT_READY']);
    const { database } = place;
    const report = await database.stores.reports.insert({
      ...{ from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-08T00:00:00Z') },
      ...{ targetIds: null, formats: ['HTML'], createdBy: 'test' },
    });
    const make = new MakeReport({
      ...{ database, readModels: database.readModels, clock, deliveryQueue, logger: silent },
      files: {
        write: async (_report, format) => ({ format, bytes: 1, sha256: 'a' }),
        path: async () => null,
        remove: async () => {},
      },
      render: async function* () {
        yield 'x';
      },
    });
    await make.execute(report.id);
    await make.execute(report.id);
    expect(await logOf(id)).toMatchObject([{ event: 'REPORT_READY', scanIds: [] }]);
    expect(told).toEqual([id]);
    expect(await newsOf(id)).toMatchObject({
      data: { report: { id: report.id, from: '2026-03-01T00:00:00.000Z', formats: ['HTML'], targets: null } },
    });
  });
});

it('one cause is told of once, however often', async () => {
  const id = await channel();
  const news = { event: 'REPORT_READY', data: { report: REPORT } } as const;
  const { notificationDeliveries } = place.database.stores;
  expect(await notificationDeliveries.add('report:r1', news, [])).toEqual([id]);
  expect(await notificationDeliveries.add('report:r1', news, [])).toEqual([]);
  expect(await logOf(id)).toHaveLength(1);
});

const REPORT = {
  ...{ id: 'r1', from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' },
  ...{ targets: null, score: null, totals: [], formats: [] },
};
