import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

describe('PostgresApiTokenStore', () => {
  const insert = (name: string, hash: string) =>
    database.stores.apiTokens.insert({
      name,
      prefix: 'twd_abcdefgh',
      hash,
      scopes: ['READ', 'SCAN'],
      targetIds: ['t1'],
      expiresAt: new Date('2027-01-01T00:00:00Z'),
    });

  it('is found by its hash until it is revoked, and never shows it', async () => {
    const token = await insert('ci', 'hash-1');
    expect(token).toMatchObject({
      name: 'ci',
      scopes: ['READ', 'SCAN'],
      targetIds: ['t1'],
      lastUsedAt: null,
    });
    expect(JSON.stringify(token)).not.toContain('hash-1');
    expect(await database.stores.apiTokens.findByHash('hash-1')).toEqual(token);
    expect(await database.stores.apiTokens.findByHash('hash-2')).toBeNull();
    expect(await database.stores.apiTokens.revoke(token.id)).toBe(true);
    expect(await database.stores.apiTokens.revoke(token.id)).toBe(false);
    expect(await database.stores.apiTokens.findByHash('hash-1')).toBeNull();
    expect(await database.stores.apiTokens.find(token.id)).toBeNull();
    expect((await database.readModels.apiTokens({}, { first: 50, after: null })).edges).toEqual([]);
  });

  it.each([
    ['twd_abcd', ['found by search']],
    ['TWD_ABCDEFGH', ['found by search']],
    ['by SEA', ['found by search']],
    ['twd_%', []],
    ['twd_abcdefghi', []],
  ])('is found by %s', async (search, names) => {
    const { id } = await insert('found by search', crypto.randomUUID());
    const { edges } = await database.readModels.apiTokens({ search }, { first: 50, after: null });
    expect(edges.map(({ node }) => node.name)).toEqual(names);
    await database.stores.apiTokens.revoke(id);
  });

  it('frees the name of a revoked token, and of no other', async () => {
    const token = await insert('deploy', 'hash-3');
    await expect(insert('deploy', 'hash-4')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await database.stores.apiTokens.revoke(token.id);
    expect((await insert('deploy', 'hash-5')).name).toBe('deploy');
  });

  it('notes its use at most once a minute', async () => {
    const { id } = await insert('touched', 'hash-6');
    const at = new Date('2026-05-01T12:00:00Z');
    const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
    for (const seconds of [0, 30, 59]) await database.stores.apiTokens.touch(id, after(seconds));
    expect((await database.stores.apiTokens.find(id))?.lastUsedAt).toEqual(at);
    await database.stores.apiTokens.touch(id, after(60));
    expect((await database.stores.apiTokens.find(id))?.lastUsedAt).toEqual(after(60));
  });
});

describe('PostgresIdempotencyStore', () => {
  const key = (name: string, requestHash = 'h') => ({
    subject: 'token:ci',
    operation: 'startScan',
    key: name,
    requestHash,
  });

  it('gives the stored id for the same request, and refuses another under the same key', async () => {
    const { idempotency } = database.stores;
    expect(await idempotency.find(key('one'))).toBeNull();
    await idempotency.put({ ...key('one'), resultId: 'r1' });
    expect(await idempotency.find(key('one'))).toBe('r1');
    await expect(idempotency.find(key('one', 'other'))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await idempotency.find({ ...key('one', 'other'), subject: 'token:other' })).toBeNull();
    expect(await idempotency.find({ ...key('one', 'other'), operation: 'applyPlan' })).toBeNull();
  });

  it('lets the first of many at once decide; all get its answer', async () => {
    const once = (result: string) =>
      database.transaction(async ({ idempotency }) => {
        const known = await idempotency.find(key('raced'));
        if (known !== null) return known;
        await idempotency.put({ ...key('raced'), resultId: result });
        return result;
      });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => once(`r${i}`)));
    expect(new Set(answers).size).toBe(1);
  });
});

describe('PostgresReportStore', () => {
  const insert = (targetIds: string[] | null = null) =>
    database.stores.reports.insert({
      from: new Date('2026-01-01T00:00:00Z'),
      to: new Date('2026-01-08T00:00:00Z'),
      targetIds,
      formats: ['CSV', 'HTML'],
      createdBy: 'token:ci',
    });

  it('waits until it is ready or has failed', async () => {
    const [one, two, three] = [await insert(), await insert(), await insert()];
    expect(one).toMatchObject({
      status: 'QUEUED',
      formats: ['CSV', 'HTML'],
      files: [],
      totals: [],
      score: null,
    });
    expect(await database.stores.reports.unfinished()).toEqual([one.id, two.id, three.id]);
    const files = [{ format: 'CSV', bytes: 12, sha256: 'ab' }] as const;
    const outcome = { score: 87.5, auditHead: 'head', totals: [{ name: 'open', count: 3 }], files };
    const ready = await database.stores.reports.ready(one.id, outcome);
    expect(ready).toMatchObject({ status: 'READY', error: null, ...outcome });
    expect(await database.stores.reports.failed(two.id, 'no room')).toMatchObject({
      status: 'FAILED',
      error: 'no room',
    });
    expect(await database.stores.reports.unfinished()).toEqual([three.id]);
    expect(await database.stores.reports.find(one.id)).toEqual(ready);
    expect(await database.stores.reports.find('nobody')).toBeNull();
    await expect(database.stores.reports.failed('nobody', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is listed latest first, and only to who may see all of its targets', async () => {
    const seen = await insert(['t1']);
    const wide = await insert(['t1', 't2']);
    const list = async (visible: string[] | null) =>
      (await database.readModels.reports({ first: 50, after: null }, visible)).edges.map(
        ({ node }) => node.id,
      );
    expect((await list(null)).slice(0, 2)).toEqual([wide.id, seen.id]);
    expect(await list(['t1'])).toEqual([seen.id]);
    expect(await list(['t2'])).toEqual([]);
  });
});
