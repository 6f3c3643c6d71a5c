import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HygieneError } from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { openQueue, type WorkQueue } from '#queue';
import { realServer, testDatabase, type TestDatabase } from '#testing';
import {
  AesSecretBox,
  Deliver,
  MOST_ATTEMPTS,
  RecoverWork,
  type DeliveryRecord,
  type NotificationSender,
  type SendOutcome,
} from '../index.js';

const redis = await realServer('redis', { spec: import.meta.url });
afterAll(() => redis?.stop());

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const clock = { now: () => new Date() };
const secretBox = new AesSecretBox(Buffer.alloc(32, 7));
const SECRET = 'a secret of 24 bytes or so';
const DONE: SendOutcome = { kind: 'DELIVERED', responseCode: 204, reason: null, retryAfterMs: null };
const BUSY: SendOutcome = {
  kind: 'RETRY',
  responseCode: 500,
  reason: 'It answered 500.',
  retryAfterMs: null,
};
const REFUSED: SendOutcome = { ...BUSY, kind: 'REFUSED', responseCode: 404, reason: 'It answered 404.' };
const GONE: SendOutcome = { ...BUSY, kind: 'GONE', responseCode: 410, reason: 'It answered 410.' };
const soon = <T>(check: () => Promise<T> | T, timeout = 10_000) =>
  vi.waitFor(check, { timeout, interval: 10 });
type Send = NotificationSender['send'];

let server: TestDatabase;
let database: PostgresDatabase;
let admin: pg.Client;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: { ...server.poolConfig, max: 20 } });
  await database.migrate();
  admin = new pg.Client(server.poolConfig);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.close();
  await server.drop();
});

const channels = () => database.stores.notificationChannels;
const deliveries = () => database.stores.notificationDeliveries;

async function channel(address = 'https://x.test/in'): Promise<string> {
  const id = uuidv7();
  const sealed = secretBox.seal({ address, secret: SECRET }, id);
  const rest = {
    kind: 'WEBHOOK',
    events: ['REPORT_READY'],
    enabled: true,
    address: 'https://x.test/…',
  } as const;
  await channels().save({ id, name: `channel ${id}`, sealed, ...rest });
  return id;
}

/** For every channel that is there. */
async function somethingHappens(): Promise<void> {
  const id = uuidv7();
  const report = { id, from: '', to: '', targets: null, score: null, totals: [], formats: [] };
  await deliveries().add(`report:${id}`, { event: 'REPORT_READY', data: { report } }, []);
}

async function logOf(id: string): Promise<readonly DeliveryRecord[]> {
  const pages = await database.readModels.deliveriesOfChannels([id], { first: 200, after: null });
  return (pages.get(id)?.edges ?? []).map(({ node }) => node);
}
const only = async (id: string): Promise<DeliveryRecord> => {
  const [first] = await logOf(id);
  return first ?? expect.fail('there is no delivery');
};
const secondsToNext = async (id: string): Promise<number | null> => {
  const text = `select extract(epoch from next_attempt_at - clock_timestamp())::float8 as s
    from tagward.notification_delivery where channel_id = $1`;
  return (await admin.query<{ s: number | null }>(text, [id])).rows[0]?.s ?? null;
};
/** As if its time had come. */
const comesDue = (id: string) =>
  admin.query(
    `update tagward.notification_delivery set next_attempt_at = clock_timestamp() where channel_id = $1 and status = 'QUEUED'`,
    [id],
  );

const nowhere = { enqueue: async () => {} };
const deliverBy = (send: Send, deliveryQueue: { enqueue(id: string): Promise<void> } = nowhere) =>
  new Deliver({
    ...{ database, secretBox, deliveryQueue, clock, logger },
    notificationSender: { check: async () => '', send },
  });
const never = new AbortController().signal;

afterEach(async () => {
  for (const { id } of await channels().list()) await channels().remove(id);
  vi.clearAllMocks();
});

describe('a delivery', () => {
  it('is sent with what was sealed, and logged', async () => {
    const id = await channel('https://x.test/whole/address');
    await somethingHappens();
    const send = vi.fn<Send>(async () => DONE);
    await deliverBy(send).execute(id, never);
    const log = await only(id);
    expect(log).toMatchObject({ status: 'DELIVERED', attempts: 1, responseCode: 204, error: null });
    const [kind, address, message, { signing }] = send.mock.calls[0] ?? expect.fail('nothing was sent');
    expect([kind, address, message.id]).toEqual(['WEBHOOK', 'https://x.test/whole/address', log.id]);
    expect(signing.map((key) => Buffer.from(key).toString())).toEqual([SECRET]);
    await deliverBy(send).execute(id, never);
    expect(send).toHaveBeenCalledOnce();
  });

  it('A9: is tried again under the same id, later each time, and given up after the last', async () => {
    const id = await channel();
    await somethingHappens();
    const send = vi.fn<Send>(async () => BUSY);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      await deliverBy(send).execute(id, never);
      expect(await only(id)).toMatchObject({ attempts: attempt, responseCode: 500 });
      waits.push((await secondsToNext(id)) ?? Infinity);
      await deliverBy(send).execute(id, never);
      await comesDue(id);
    }
    expect(send).toHaveBeenCalledTimes(MOST_ATTEMPTS);
    expect(new Set(send.mock.calls.map(([, , message]) => message.id)).size).toBe(1);
    expect(waits[0]).toBeGreaterThan(4);
    expect(waits[0]).toBeLessThan(5.6);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(await only(id)).toMatchObject({
      status: 'FAILED',
      error: `It answered 500. It was tried ${MOST_ATTEMPTS} times.`,
    });
  });

  it('H20: waits as long as the other side asks', async () => {
    const id = await channel();
    await somethingHappens();
    await deliverBy(async () => ({ ...BUSY, responseCode: 429, retryAfterMs: 600_000 })).execute(id, never);
    expect(await secondsToNext(id)).toBeGreaterThan(590);
  });

  it('is not tried again when that changes nothing', async () => {
    const id = await channel();
    await somethingHappens();
    await deliverBy(async () => REFUSED).execute(id, never);
    expect(await only(id)).toMatchObject({ status: 'FAILED', attempts: 1, responseCode: 404 });
  });

  it('A9: switches its channel off when the other side is gone, audited; what it has queued fails', async () => {
    const id = await channel();
    await somethingHappens();
    await somethingHappens();
    await deliverBy(async () => GONE).execute(id, never);
    expect(await channels().find(id)).toMatchObject({ enabled: false });
    expect((await logOf(id)).map(({ status, error }) => [status, error])).toEqual([
      ['FAILED', 'The channel was switched off before it was sent.'],
      ['FAILED', 'It answered 410. The channel was switched off.'],
    ]);
    const { edges } = await database.readModels.auditEvents({}, { first: 1, after: null });
    expect(edges[0]?.node).toMatchObject({
      ...{ actor: 'system', action: 'notification-channel.disable', subject: `notification-channel:${id}` },
    });
    await somethingHappens();
    expect(await logOf(id)).toHaveLength(2);
  });

  it('waits while its channel cannot be opened, or a fault of ours stops it; the log of deliveries has no detail', async () => {
    const id = await channel();
    await somethingHappens();
    const broken = deliverBy(async () => {
      throw new TypeError('cannot read the-inner-secret');
    });
    await broken.execute(id, never);
    expect((await only(id)).error).toBe('A fault of Tagward itself; the log has the details.');
    await comesDue(id);
    await admin.query(`update tagward.notification_channel set sealed = 'v1.bm90' where id = $1`, [id]);
    await deliverBy(async () => DONE).execute(id, never);
    expect(await only(id)).toMatchObject({
      status: 'QUEUED',
      error: expect.stringContaining('TAGWARD_SECRET_KEY'),
    });
  });

  it('goes back when its worker stops, and the attempt does not count', async () => {
    const id = await channel();
    await somethingHappens();
    const drain = new AbortController();
    const deliver = deliverBy(async () => {
      drain.abort();
      throw new HygieneError('CANCELLED', 'stopped');
    });
    await deliver.execute(id, drain.signal);
    expect(await only(id)).toMatchObject({ status: 'QUEUED', attempts: 0, error: null });
    expect(await deliveries().dueChannels()).toEqual([id]);
  });

  it('is due again when its worker was lost; what that worker says later is not heard', async () => {
    const id = await channel();
    await somethingHappens();
    const lost = (await deliveries().claim(id, 0)) ?? expect.fail('nothing is due');
    const next = (await deliveries().claim(id, 30_000)) ?? expect.fail('it is not due again');
    expect([lost.attempt, next.attempt, next.id]).toEqual([1, 2, lost.id]);
    expect(await deliveries().claim(id, 30_000)).toBeNull();
    expect(await deliveries().settle(lost, { status: 'FAILED', responseCode: null, error: 'late' })).toBe(
      false,
    );
    await deliveries().release(lost);
    expect(await deliveries().settle(next, { status: 'DELIVERED', responseCode: 200 })).toBe(true);
    expect(await only(id)).toMatchObject({ status: 'DELIVERED', attempts: 2 });
  });

  it('that takes its worker down every time is given up', async () => {
    const id = await channel();
    await somethingHappens();
    for (let start = 0; start < MOST_ATTEMPTS; start++) await deliveries().claim(id, 0);
    const send = vi.fn<Send>(async () => DONE);
    await deliverBy(send).execute(id, never);
    expect(send).not.toHaveBeenCalled();
    expect(await only(id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('worker was lost'),
    });
  });

  it('is handed to one of many workers', async () => {
    const id = await channel();
    for (let n = 0; n < 5; n++) await somethingHappens();
    const claims = await Promise.all(Array.from({ length: 12 }, () => deliveries().claim(id, 30_000)));
    const ids = claims.flatMap((claim) => claim?.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each([['PostgreSQL', null], ...(redis === null ? [] : [['Redis', redis] as const])] as const)(
  'deliveries, with the queue in %s',
  (_name, store) => {
    const open: WorkQueue[] = [];
    afterEach(() => Promise.all(open.splice(0).map((queue) => queue.close())));

    async function queueOf(): Promise<WorkQueue> {
      const options = store === null ? { postgres: server.poolConfig } : { redisUrl: store.url };
      const queue = await openQueue(options, logger, { firstRetryMs: 20 });
      open.push(queue);
      return queue;
    }
    async function worker(send: Send): Promise<WorkQueue> {
      const queue = await queueOf();
      const deliver = deliverBy(send, queue.deliveries);
      const nothing = async (): Promise<void> => {};
      await queue.startWorkers({
        ...{ concurrency: 1, scan: nothing, lane: nothing, report: nothing },
        delivery: (channelId, signal) => deliver.execute(channelId, signal),
      });
      return queue;
    }
    const recover = (queue: WorkQueue) =>
      new RecoverWork({
        ...{ database, scanQueue: queue.scans, laneQueue: queue.lanes, reportQueue: queue.reports },
        ...{ deliveryQueue: queue.deliveries, clock, logger, detailsKeptMs: 90 * 24 * 60 * 60 * 1_000 },
      }).execute();

    it('go out one after the other, all of them, though the queue lost every job', async () => {
      const ids = [await channel(), await channel()];
      for (let n = 0; n < 7; n++) await somethingHappens();
      let inHand = 0;
      let most = 0;
      const queue = await worker(async () => {
        most = Math.max(most, ++inHand);
        await new Promise((resolve) => setImmediate(resolve));
        inHand--;
        return DONE;
      });
      await recover(queue);
      await soon(async () => {
        for (const id of ids)
          expect((await logOf(id)).map(({ status }) => status)).toEqual(Array(7).fill('DELIVERED'));
      });
      expect(most).toBeLessThanOrEqual(ids.length);
    });

    it('of one channel that hangs do not hold up the others', async () => {
      const slow = await channel('https://slow.test/');
      const quick = await channel('https://quick.test/');
      for (let n = 0; n < 12; n++) await somethingHappens();
      const release = Promise.withResolvers<void>();
      const queue = await worker(async (_kind, address) => {
        if (address.includes('slow')) await release.promise;
        return DONE;
      });
      await recover(queue);
      await soon(async () =>
        expect((await logOf(quick)).every(({ status }) => status === 'DELIVERED')).toBe(true),
      );
      expect((await logOf(slow)).filter(({ attempts }) => attempts > 0)).toHaveLength(1);
      release.resolve();
      await soon(async () =>
        expect((await logOf(slow)).every(({ status }) => status === 'DELIVERED')).toBe(true),
      );
    });

    it('are tried again once their time has come', async () => {
      const id = await channel();
      await somethingHappens();
      const outcomes = [BUSY, DONE];
      const queue = await worker(async () => outcomes.shift() ?? expect.fail('sent too often'));
      await recover(queue);
      await soon(async () => expect(await only(id)).toMatchObject({ status: 'QUEUED', attempts: 1 }));
      await recover(queue);
      expect(await only(id)).toMatchObject({ attempts: 1 });
      await comesDue(id);
      await recover(queue);
      await soon(async () => expect(await only(id)).toMatchObject({ status: 'DELIVERED', attempts: 2 }));
    });
  },
);
