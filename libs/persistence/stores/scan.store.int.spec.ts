import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanOutcome } from '#application';
import { storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const PROGRESS = { done: 3, total: 10, resources: 30, tags: 300 };
const OUTCOME: ScanOutcome = {
  status: 'PARTIAL',
  progress: { done: 10, total: 10, resources: 40, tags: 400 },
  rulePacks: [{ name: 'labels', version: 3 }],
  counts: {
    open: 2,
    new: 1,
    resolved: 1,
    bySeverity: [{ name: 'high', count: 2 }],
    byRule: [{ name: 'labels/a', count: 2 }],
  },
  notEvaluated: [{ rulePack: 'labels', ruleId: 'b', needs: 'a date', resources: 4 }],
  errors: [
    { code: 'REMOTE_TIMEOUT', message: 'us-east-1 did not answer.', scope: 'us-east-1', retryable: true },
  ],
};

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

const scans = () => database.stores.scans;
function enqueue(
  targetId: string,
  scopes: string[] | null = null,
  packs: { name: string; version: number }[] | null = null,
) {
  return scans().enqueue({ targetId, trigger: 'WEBHOOK', rulePacks: packs, scopes });
}

describe('queueing', () => {
  it('gives twenty callers at once one scan', async () => {
    const { id } = await storedTarget(database);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => enqueue(id, [`r${i}`])));
    expect(new Set(results.map(({ scan }) => scan.id)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const stored = await scans().find(results[0]?.scan.id ?? '');
    expect(stored?.scopes).toEqual(Array.from({ length: 20 }, (_, i) => `r${i}`).sort());
    expect(stored).toMatchObject({
      status: 'QUEUED',
      trigger: 'WEBHOOK',
      startedAt: null,
      counts: { open: 0 },
    });
  });

  it('widens to the whole target, and stays there', async () => {
    const { id } = await storedTarget(database);
    await enqueue(id, ['a']);
    expect((await enqueue(id, null)).scan.scopes).toBeNull();
    expect((await enqueue(id, ['b'])).scan.scopes).toBeNull();
  });

  it('merges the packs that are asked for; the last version wins, and none named means all', async () => {
    const { id } = await storedTarget(database);
    await enqueue(id, null, [
      { name: 'a', version: 1 },
      { name: 'b', version: 1 },
    ]);
    const { scan } = await enqueue(id, null, [{ name: 'b', version: 2 }]);
    expect(scan.rulePacks).toEqual([
      { name: 'a', version: 1 },
      { name: 'b', version: 2 },
    ]);
    expect((await enqueue(id, null, null)).scan.rulePacks).toEqual([]);
    expect((await scans().claim(id, 'me'))?.requestedPacks).toBeNull();
  });

  it('queues a second scan beside one that runs, and no third', async () => {
    const { id } = await storedTarget(database);
    const first = await enqueue(id);
    await scans().claim(id, 'me');
    const second = await enqueue(id);
    expect(second.created).toBe(true);
    expect(second.scan.id).not.toBe(first.scan.id);
    expect((await enqueue(id)).scan.id).toBe(second.scan.id);
  });

  it('refuses a target that does not exist', async () => {
    await expect(enqueue('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('running', () => {
  it('is claimed by one of many, and not again while it runs', async () => {
    const { id } = await storedTarget(database);
    await enqueue(id, ['a'], [{ name: 'labels', version: 3 }]);
    const claims = await Promise.all(Array.from({ length: 10 }, (_, i) => scans().claim(id, `worker ${i}`)));
    const [claimed, ...others] = claims.filter((claim) => claim !== null);
    expect(others).toEqual([]);
    expect(claimed).toMatchObject({
      scan: { status: 'RUNNING', startedAt: expect.any(Date) },
      requestedPacks: [{ name: 'labels', version: 3 }],
      attempt: 1,
    });
    await enqueue(id);
    expect(await scans().claim(id, 'another')).toBeNull();
  });

  it('beats, stores progress, and ends with its outcome for its owner alone', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await enqueue(id);
    await scans().claim(id, 'me');
    expect(await scans().heartbeat(scan.id, 'me', PROGRESS)).toEqual({ owned: true, cancelRequested: false });
    expect(await scans().heartbeat(scan.id, 'other', PROGRESS)).toEqual({
      owned: false,
      cancelRequested: false,
    });
    expect(await scans().find(scan.id)).toMatchObject({
      progress: { done: 3, total: 10 },
      resources: 30,
      tags: 300,
    });
    expect(await scans().finish(scan.id, 'other', OUTCOME)).toBeNull();
    const { progress, ...rest } = OUTCOME;
    expect(await scans().finish(scan.id, 'me', OUTCOME)).toMatchObject({
      ...rest,
      progress: { done: progress.done, total: progress.total },
      finishedAt: expect.any(Date),
    });
    expect(await scans().heartbeat(scan.id, 'me', PROGRESS)).toEqual({
      owned: false,
      cancelRequested: false,
    });
    expect(await scans().finish(scan.id, 'me', OUTCOME)).toBeNull();
  });

  it('cancels: queued at once, running by asking, finished not at all', async () => {
    const { id } = await storedTarget(database);
    const queued = await enqueue(id);
    expect(await scans().requestCancel(queued.scan.id)).toMatchObject({
      status: 'CANCELLED',
      finishedAt: expect.any(Date),
    });
    expect(await scans().claim(id, 'me')).toBeNull();
    const { scan } = await enqueue(id);
    await scans().claim(id, 'me');
    expect(await scans().requestCancel(scan.id)).toMatchObject({ status: 'RUNNING', finishedAt: null });
    expect((await scans().heartbeat(scan.id, 'me', PROGRESS)).cancelRequested).toBe(true);
    const finished = await scans().finish(scan.id, 'me', OUTCOME);
    expect(await scans().requestCancel(scan.id)).toEqual(finished);
    expect(await scans().requestCancel('nobody')).toBeNull();
  });

  it('is claimed again after it was released, and the start does not count', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await enqueue(id);
    await scans().claim(id, 'me');
    await scans().release(scan.id, 'other');
    expect(await scans().claim(id, 'other')).toBeNull();
    await scans().release(scan.id, 'me');
    expect((await scans().find(scan.id))?.status).toBe('RUNNING');
    expect(await scans().claim(id, 'other')).toMatchObject({ scan: { id: scan.id }, attempt: 1 });
  });

  it('ends at once when cancelled while nobody owns it', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await enqueue(id);
    await scans().claim(id, 'me');
    await scans().release(scan.id, 'me');
    expect(await scans().requestCancel(scan.id)).toMatchObject({ status: 'CANCELLED' });
    expect(await scans().claim(id, 'other')).toBeNull();
  });
});

describe('recovery', () => {
  it('takes a silent scan from its worker, counts its starts, and fails it after the last', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await enqueue(id);
    await scans().claim(id, 'dead');
    expect(await scans().recover(60_000, 2)).not.toContain(id);
    expect(await scans().recover(0, 2)).toContain(id);
    expect(await scans().heartbeat(scan.id, 'dead', PROGRESS)).toEqual({
      owned: false,
      cancelRequested: false,
    });
    expect(await scans().claim(id, 'second')).toMatchObject({ scan: { id: scan.id }, attempt: 2 });
    expect(await scans().recover(0, 2)).not.toContain(id);
    expect(await scans().failLost(60_000, 2)).toEqual([]);
    expect(await scans().failLost(0, 2)).toMatchObject([{ id: scan.id }]);
    expect(await scans().recover(0, 2)).not.toContain(id);
    expect(await scans().find(scan.id)).toMatchObject({
      status: 'FAILED',
      finishedAt: expect.any(Date),
      errors: [{ code: 'WORKER_LOST', retryable: true, scope: null }],
    });
  });

  it('names targets with a waiting scan, and not those whose scan is owned', async () => {
    const [waiting, owned] = [await storedTarget(database), await storedTarget(database)];
    await enqueue(waiting.id);
    await enqueue(owned.id);
    await scans().claim(owned.id, 'me');
    const found = await scans().recover(60_000, 3);
    expect(found).toContain(waiting.id);
    expect(found).not.toContain(owned.id);
  });

  it('ends a silent scan that was to be cancelled as cancelled', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await enqueue(id);
    await scans().claim(id, 'dead');
    await scans().requestCancel(scan.id);
    await scans().recover(0, 3);
    expect(await scans().find(scan.id)).toMatchObject({ status: 'CANCELLED', errors: [] });
  });
});

describe('lastOf', () => {
  it('gives the scan asked for last, of each target that has one', async () => {
    const [one, none] = [await storedTarget(database), await storedTarget(database)];
    await enqueue(one.id);
    await scans().claim(one.id, 'me');
    const { scan } = await enqueue(one.id);
    const last = await scans().lastOf([one.id, none.id, 'nobody']);
    expect([...last]).toEqual([[one.id, scan]]);
    expect((await scans().lastOf([])).size).toBe(0);
    expect(await database.readModels.lastScans([one.id])).toEqual(last);
  });
});
