import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HygieneError } from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { testDatabase, type TestDatabase } from '#testing';
import { AesSecretBox, RecoverWork, type OperationInput, type Viewer } from '../index.js';
import { openChannel, signingKeys } from './channel-secret.js';
import { DeleteNotificationChannel } from './delete-notification-channel.js';
import { Redeliver } from './redeliver.js';
import { UpsertNotificationChannel } from './upsert-notification-channel.js';

const DAY_MS = 86_400_000;
const admin: Viewer = { subject: 'token:ops', source: 'TOKEN', scopes: ['ADMIN'], targetIds: null };
const secretBox = new AesSecretBox(Buffer.alloc(32, 7));
const [SECRET, OTHER] = ['first secret of 24 bytes!', 'other secret of 24 bytes!'];
const CANARY = 'T0/B0/canary-path';
const WEBHOOK: OperationInput<'upsertNotificationChannel'> = {
  name: 'platform',
  kind: 'WEBHOOK',
  events: ['SCAN_DONE', 'SCAN_DONE', 'REPORT_READY'],
  enabled: true,
  address: `https://hooks.test/${CANARY}`,
  secret: SECRET,
};

let server: TestDatabase;
let database: PostgresDatabase;
let sql: pg.Client;
let now = Date.now();
let told: string[] = [];
const clock = { now: () => new Date(now) };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const deliveryQueue = { enqueue: async (id: string) => void told.push(id) };
const notificationSender = {
  check: async (_kind: string, address: string) => {
    if (address.includes('private')) throw new HygieneError('ADDRESS_REFUSED', 'refused');
    return 'https://hooks.test/…';
  },
  send: () => Promise.reject(new Error('nothing is sent here')),
};
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  sql = new pg.Client(server.poolConfig);
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await database.close();
  await server.drop();
});
afterEach(async () => {
  now = Date.now();
  told = [];
  for (const { id } of await database.stores.notificationChannels.list())
    await database.stores.notificationChannels.remove(id);
});

const upsert = (input: Partial<typeof WEBHOOK> = {}) =>
  new UpsertNotificationChannel({ database, secretBox, notificationSender, clock }).execute(admin, {
    ...WEBHOOK,
    ...input,
  });
const redeliver = (id: string) =>
  new Redeliver({ database, deliveryQueue, clock, logger }).execute(admin, { id });
const lastAudit = async () =>
  (await database.readModels.auditEvents({}, { first: 1, after: null })).edges[0]?.node;
const keysOf = async (id: string) => {
  const sealed = (await database.stores.notificationChannels.sealed(id)) ?? '';
  const secret = openChannel(secretBox, sealed, id);
  return [secret.address, ...signingKeys(secret, clock.now()).map((key) => Buffer.from(key).toString())];
};
async function delivery(): Promise<string> {
  const report = { id: 'r1', from: '', to: '', targets: null, score: null, totals: [], formats: [] };
  const news = { event: 'REPORT_READY', data: { report } } as const;
  await database.stores.notificationDeliveries.add(`report:${crypto.randomUUID()}`, news, []);
  const { rows } = await sql.query<{ id: string }>('select max(id) as id from tagward.notification_delivery');
  return rows[0]?.id ?? expect.fail('there is no delivery');
}

describe('upsertNotificationChannel', () => {
  it('S1: seals address and secret, shows a part of the one and nothing of the other, and says so in the audit log', async () => {
    const channel = await upsert();
    expect(channel).toMatchObject({ name: 'platform', events: ['SCAN_DONE', 'REPORT_READY'], enabled: true });
    expect(await keysOf(channel.id)).toEqual([WEBHOOK.address, SECRET]);
    const event = await lastAudit();
    expect(event).toMatchObject({
      ...{ actor: 'token:ops', action: 'notification-channel.upsert' },
      ...{ subject: `notification-channel:${channel.id}`, details: { created: true, secret: true } },
    });
    const { rows } = await sql.query('select c::text as line from tagward.notification_channel c');
    for (const text of [JSON.stringify(channel), JSON.stringify(event), JSON.stringify(rows)]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(SECRET);
    }
  });

  it('changes the channel of the name; its secret stays unless another is given, which the old one outlives by a day', async () => {
    const { id } = await upsert();
    expect(await upsert({ secret: undefined, events: [], address: 'https://hooks.test/b' })).toMatchObject({
      ...{ id, events: [] },
    });
    expect(await keysOf(id)).toEqual(['https://hooks.test/b', SECRET]);
    await upsert({ secret: OTHER });
    expect(await keysOf(id)).toEqual([WEBHOOK.address, OTHER, SECRET]);
    now += DAY_MS;
    expect(await keysOf(id)).toEqual([WEBHOOK.address, OTHER]);
    expect(await database.stores.notificationChannels.list()).toHaveLength(1);
  });

  it('forgets the secret of a channel that becomes another kind', async () => {
    const { id } = await upsert();
    await upsert({ kind: 'SLACK', secret: undefined });
    expect(await keysOf(id)).toEqual([WEBHOOK.address]);
    await expect(upsert({ secret: undefined })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each<[string, Partial<typeof WEBHOOK>, string]>([
    ['a webhook without a secret', { secret: undefined }, 'INPUT_INVALID'],
    ['a secret that is too short', { secret: 'short' }, 'INPUT_INVALID'],
    ['a secret for Slack', { kind: 'SLACK' }, 'INPUT_INVALID'],
    ['a secret for e-mail', { kind: 'EMAIL' }, 'INPUT_INVALID'],
    ['an address that is refused', { address: 'https://private.test/' }, 'ADDRESS_REFUSED'],
  ])('refuses %s', async (_what, input, code) => {
    await expect(upsert(input)).rejects.toMatchObject({ code });
    expect(await database.stores.notificationChannels.list()).toEqual([]);
  });

  it('replaces what cannot be opened any more, when it is given all of it', async () => {
    const { id } = await upsert();
    await sql.query(`update tagward.notification_channel set sealed = 'v1.bm90'`);
    await expect(upsert({ secret: undefined })).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' });
    await upsert({ secret: OTHER });
    expect(await keysOf(id)).toEqual([WEBHOOK.address, OTHER]);
  });

  it('makes a hundred channels, and no more', async () => {
    for (let n = 0; n < 100; n++) await upsert({ name: `n${n}` });
    await expect(upsert({ name: 'one more' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(upsert({ name: 'n5' })).resolves.toMatchObject({ name: 'n5' });
  });

  it('fails what a channel that is switched off has queued', async () => {
    await upsert();
    const id = await delivery();
    const channel = await upsert({ enabled: false });
    expect(await database.stores.notificationDeliveries.dueChannels()).toEqual([]);
    await expect(redeliver(id)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await upsert();
    expect(await redeliver(id)).toMatchObject({ id, status: 'QUEUED' });
    expect(told).toEqual([channel.id]);
  });
});

describe('redeliver', () => {
  it('queues a delivery again, whatever became of it, with all its attempts, audited', async () => {
    const channel = await upsert();
    const id = await delivery();
    const { notificationDeliveries } = database.stores;
    const claim = (await notificationDeliveries.claim(channel.id, 30_000)) ?? expect.fail('nothing is due');
    await notificationDeliveries.settle(claim, {
      status: 'FAILED',
      responseCode: 404,
      error: 'It answered 404.',
    });
    expect(await redeliver(id)).toMatchObject({
      ...{ id, status: 'QUEUED', attempts: 0, responseCode: null, error: null },
    });
    expect(told).toEqual([channel.id]);
    expect(await lastAudit()).toMatchObject({
      action: 'notification.redeliver',
      details: { deliveryId: id },
    });
    expect((await notificationDeliveries.claim(channel.id, 30_000))?.id).toBe(id);
  });

  it('does not hear of the attempt that was in hand', async () => {
    const channel = await upsert();
    const id = await delivery();
    const claim = await database.stores.notificationDeliveries.claim(channel.id, 30_000);
    await redeliver(id);
    const done = { status: 'DELIVERED', responseCode: 200 } as const;
    expect(await database.stores.notificationDeliveries.settle(claim ?? expect.fail(''), done)).toBe(false);
  });

  it('knows no delivery that is not there', async () => {
    await expect(redeliver('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('a channel is removed with its log, audited', async () => {
  const { id } = await upsert();
  await delivery();
  const remove = new DeleteNotificationChannel({ database, clock });
  expect(await remove.execute(admin, { id })).toBe(true);
  expect(await lastAudit()).toMatchObject({
    action: 'notification-channel.delete',
    details: { name: 'platform' },
  });
  const { rows } = await sql.query('select from tagward.notification_delivery');
  expect(rows).toEqual([]);
  await expect(remove.execute(admin, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('old deliveries go once they are settled', async () => {
  const channel = await upsert();
  const [old, waiting, young] = [await delivery(), await delivery(), await delivery()];
  const age = 'update tagward.notification_delivery set at = $2, status = $3 where id = $1';
  const before = (days: number) => new Date(now - days * DAY_MS);
  await sql.query(age, [old, before(31), 'DELIVERED']);
  await sql.query(age, [waiting, before(31), 'QUEUED']);
  await sql.query(age, [young, before(29), 'FAILED']);
  const queues = {
    scanQueue: deliveryQueue,
    laneQueue: { enqueue: async () => {} },
    reportQueue: deliveryQueue,
  };
  await new RecoverWork({
    database,
    ...queues,
    deliveryQueue,
    clock,
    logger,
    detailsKeptMs: 30 * 24 * 60 * 60 * 1_000,
  }).execute();
  const page = { first: 10, after: null };
  const log = (await database.readModels.deliveriesOfChannels([channel.id], page)).get(channel.id);
  expect(log?.edges.map(({ node }) => node.id)).toEqual([young, waiting]);
});
