import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedScope, ScanSession, ScopeResult } from '#application';
import {
  aFault,
  aResource,
  aTag,
  DEFAULT_RULES,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const LISTING = { rulePacks: [{ name: 'labels', version: 3 }], whole: true, errors: [] };
const RESULT: ScopeResult = {
  ...{ resources: 2, tags: 5, unitsRead: 1, errors: [], errorsBeyond: 0, notEvaluated: [] },
};
const LOST = { code: 'WORKER_LOST' };

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
const scopes = () => database.stores.scanScopes;

async function claimedScan(): Promise<{ id: string; targetId: string }> {
  const { id: targetId } = await storedTarget(database);
  const { scan } = await scans().enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null });
  await scans().claim(targetId, 'owner');
  return { id: scan.id, targetId };
}

/** A scan in its lanes. */
async function handedOver(count: number): Promise<{ id: string; targetId: string }> {
  const scan = await claimedScan();
  await scopes().add(scan.id, 'owner', named(count));
  expect(await scopes().handOver(scan.id, 'owner', LISTING)).toBe(count);
  return scan;
}

const named = (count: number): string[] => Array.from({ length: count }, (_, n) => `scope-${n}`);

async function claim(scanId: string): Promise<ClaimedScope> {
  const claimed = await scopes().claim(scanId);
  if (claimed === null) throw new Error('no scope waits');
  return claimed;
}

async function listed(scanId: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { scope } of scopes().results(scanId)) found.push(scope);
  return found;
}

/** Holds rows as a batch in progress does. */
async function holding<T>(query: string, id: string | number, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  try {
    await client.query('begin');
    expect((await client.query(`${query} for key share`, [id])).rowCount).toBe(1);
    return await work();
  } finally {
    await client.end();
  }
}

describe('the list', () => {
  it('keeps the order, each scope once, in more than one page, whatever scopes are called', async () => {
    const { id } = await claimedScan();
    const odd = ['ü/ß', 'x'.repeat(5_000), `${'x'.repeat(5_000)}y`, "o'hara; --", ''];
    const many = named(1_500);
    await scopes().add(id, 'owner', odd);
    await scopes().add(id, 'owner', [...many, 'ü/ß', 'scope-1']);
    expect(await scopes().handOver(id, 'owner', LISTING)).toBe(1_505);
    expect(await listed(id)).toEqual([...odd, ...many]);
    expect(await scans().find(id)).toMatchObject({
      ...{ status: 'RUNNING', progress: { done: 0, total: 1_505 }, rulePacks: LISTING.rulePacks },
    });
  });

  it('is its owner’s alone', async () => {
    const { id } = await claimedScan();
    await expect(scopes().add(id, 'other', ['a'])).rejects.toMatchObject(LOST);
    await expect(scopes().clear(id, 'other')).rejects.toMatchObject(LOST);
    await expect(scopes().handOver(id, 'other', LISTING)).rejects.toMatchObject(LOST);
    expect(await listed(id)).toEqual([]);
  });

  it('is begun anew by clearing it', async () => {
    const { id } = await claimedScan();
    await scopes().add(id, 'owner', ['of yesterday', 'b']);
    await scopes().clear(id, 'owner');
    await scopes().add(id, 'owner', ['a', 'b']);
    expect(await listed(id)).toEqual(['a', 'b']);
  });

  it.each([0, 1])('of %i is forgotten, and the owner keeps the scan', async (count) => {
    const { id, targetId } = await claimedScan();
    await scopes().add(id, 'owner', named(count));
    expect(await scopes().handOver(id, 'owner', LISTING)).toBe(0);
    expect(await listed(id)).toEqual([]);
    expect(await scopes().waiting(id)).toBeNull();
    expect(await scans().claim(targetId, 'other')).toBeNull();
    const progress = { done: 0, total: null, resources: 0, tags: 0 };
    expect((await scans().heartbeat(id, 'owner', progress)).owned).toBe(true);
  });

  it('of a scan that was to be cancelled meanwhile ends it', async () => {
    const { id, targetId } = await claimedScan();
    await scopes().add(id, 'owner', named(3));
    await scans().requestCancel(id);
    await scopes().handOver(id, 'owner', LISTING);
    expect(await scans().find(id)).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
    expect(await scopes().claim(id)).toBeNull();
    expect(await scans().claim(targetId, 'other')).toBeNull();
    await scopes().recover(60_000, 3);
    expect(await listed(id)).toEqual([]);
  });
});

describe('lanes', () => {
  it('take each scope once, in order, and none of a scan that is not theirs', async () => {
    const { id } = await handedOver(10);
    const claims = await Promise.all(Array.from({ length: 14 }, () => scopes().claim(id)));
    const taken = claims.filter((one) => one !== null).map(({ scope }) => scope);
    expect(taken.toSorted()).toEqual(named(10));
    expect((await claimedScan()).id).not.toBe(id);
    expect(await scopes().claim((await claimedScan()).id)).toBeNull();
    expect(await scopes().waiting(id)).toBeNull();
  });

  it('add to the progress, and one is told that it was the last', async () => {
    const { id, targetId } = await handedOver(8);
    const holds = await Promise.all(Array.from({ length: 8 }, () => claim(id)));
    expect(await scans().claim(targetId, 'too early')).toBeNull();
    expect(await scans().recover(60_000, 3)).not.toContain(targetId);
    const ends = await Promise.all(holds.map((hold) => scopes().complete(hold, RESULT)));
    expect(ends.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'DONE'), 'LAST']);
    expect(await scans().find(id)).toMatchObject({ progress: { done: 8 }, resources: 16, tags: 40 });
    expect(await scopes().complete(holds[0] ?? (await claim(id)), RESULT)).toBe('LOST');

    expect(await scans().recover(60_000, 3)).toContain(targetId);
    const summing = await scans().claim(targetId, 'owner');
    expect(summing).toMatchObject({ scan: { id }, attempt: 1, lanes: { listedWhole: true } });
  });

  it('lose a scope that was given back, and the scope waits for the next', async () => {
    const { id } = await handedOver(2);
    const old = await claim(id);
    expect(await scopes().heartbeat(old)).toBe(true);
    await scopes().giveBack(old, false, 3);
    expect(await scopes().heartbeat(old)).toBe(false);
    expect(await scopes().complete(old, RESULT)).toBe('LOST');
    const next = await claim(id);
    expect(next).toMatchObject({ scope: 'scope-0', ordinal: old.ordinal });
    expect(await scopes().complete(old, RESULT)).toBe('LOST');
    await scopes().giveBack(old, true, 1);
    expect(await scopes().complete(next, RESULT)).toBe('DONE');
    expect(await scans().find(id)).toMatchObject({ progress: { done: 1 }, resources: 2 });
  });

  it('skip what waits with one error, and nothing when nothing waits', async () => {
    const { id } = await handedOver(5);
    const held = await claim(id);
    const error = { code: 'REMOTE_AUTH_FAILED', message: 'No.', scope: null, retryable: false } as const;
    expect(await scopes().skipRest(id, error)).toBe(false);
    expect(await scopes().skipRest(id, error)).toBe(false);
    expect(await scans().find(id)).toMatchObject({ progress: { done: 4 }, errors: [error] });
    expect(await scopes().complete(held, RESULT)).toBe('LAST');
  });

  it('write only while they hold their scope', async () => {
    const { id, targetId } = await handedOver(3);
    const old = await claim(id);
    const late = await session(id, targetId, old);
    const unit = { scope: 'scope-0', resourceType: null };
    await late.recordResources(unit, [aResource('i-1', [aTag('a')], { scope: 'scope-0' })]);
    await scopes().recover(0, 3);

    const refused = [
      () => late.recordResources(unit, [aResource('i-2', [aTag('b')], { scope: 'scope-0' })]),
      () => late.recordFindings(unit, [aFault('f-late', { scope: 'scope-0' })]),
      () => late.completeUnit(unit),
      () => late.suspectUnit(unit),
    ];
    for (const write of refused) await expect(write()).rejects.toMatchObject(LOST);
    const next = await claim(id);
    expect(next).toMatchObject({ scope: 'scope-0' });
    for (const write of refused) await expect(write()).rejects.toMatchObject(LOST);
    const now = await session(id, targetId, next);
    await now.recordResources(unit, [aResource('i-3', [aTag('c')], { scope: 'scope-0' })]);
    await now.completeUnit(unit);
    await scopes().complete(next, RESULT);
    await expect(now.recordResources(unit, [aResource('i-4')])).rejects.toMatchObject(LOST);
    expect(await resourcesOf(targetId)).toEqual([
      ['i-1', true],
      ['i-3', false],
    ]);
  });

  it('do not wait for the last batch of another', async () => {
    const { id } = await handedOver(2);
    const old = await claim(id);
    await holding('select from tagward.scan_scope where ordinal = $1', old.ordinal, async () => {
      await scopes().recover(0, 3);
      expect(await claim(id)).toMatchObject({ scope: 'scope-1' });
      expect(await scopes().claim(id)).toBeNull();
      expect(await scopes().waiting(id)).not.toBeNull();
    });
    expect(await claim(id)).toMatchObject({ scope: 'scope-0' });
  });
});

describe('beside lanes', () => {
  it('a job of the target neither waits for their batches nor takes the scan', async () => {
    const { id, targetId } = await handedOver(2);
    await claim(id);
    await holding('select from tagward.scan where id = $1', id, async () => {
      expect(await scans().claim(targetId, 'other')).toBeNull();
    });
  });

  it('a cancellation waits for nobody, and what it passes over is removed later', async () => {
    const { id } = await handedOver(3);
    const held = await claim(id);
    await holding('select from tagward.scan_scope where ordinal = $1', held.ordinal, async () => {
      expect(await scans().requestCancel(id)).toMatchObject({ status: 'CANCELLED' });
      expect(await listed(id)).toEqual(['scope-0']);
      expect(await scopes().heartbeat(held)).toBe(false);
      expect(await scopes().complete(held, RESULT)).toBe('LOST');
    });
    await scopes().recover(60_000, 3);
    expect(await listed(id)).toEqual([]);
  });

  it('what a target has queued and running is cancelled together', async () => {
    const { id, targetId } = await handedOver(3);
    const next = await scans().enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null });
    await scans().requestCancelOf(targetId);
    for (const scanId of [id, next.scan.id])
      expect(await scans().find(scanId)).toMatchObject({ status: 'CANCELLED' });
    expect(await listed(id)).toEqual([]);
  });
});

describe('recovery', () => {
  it('gives silent scopes back, and ends those that were taken too often', async () => {
    const { id, targetId } = await handedOver(2);
    await claim(id);
    expect(await scopes().recover(60_000, 2)).toContain(id);
    await claim(id);
    expect(await scopes().recover(60_000, 2)).not.toContain(id);
    expect(await scopes().recover(0, 2)).toContain(id);
    await claim(id);
    await claim(id);
    expect(await scopes().recover(0, 2)).not.toContain(id);
    expect(await scans().find(id)).toMatchObject({ status: 'RUNNING', progress: { done: 2, total: 2 } });
    for await (const { scope, errors } of scopes().results(id))
      expect(errors).toMatchObject([{ code: 'WORKER_LOST', scope, retryable: true }]);
    expect(await scans().recover(60_000, 2)).toContain(targetId);
  });

  it('removes the scopes of scans that ended while they were listed', async () => {
    const [{ id }, other] = [await claimedScan(), await handedOver(2)];
    await scopes().add(id, 'owner', named(5));
    await scans().failLost(0, 1);
    expect(await scans().find(id)).toMatchObject({ status: 'FAILED' });
    await scopes().recover(60_000, 3);
    expect(await listed(id)).toEqual([]);
    expect(await listed(other.id)).toHaveLength(2);
  });
});

async function session(scanId: string, targetId: string, lane: ClaimedScope): Promise<ScanSession> {
  const at = new Date();
  const request = { scanId, targetId, at, rules: DEFAULT_RULES, resources: null, ownerTag: null, lane };
  return database.openScanSession(request);
}

async function resourcesOf(targetId: string): Promise<[string, boolean][]> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  const { rows } = await client.query<{ resource: string; gone: boolean }>(
    `select r.resource, r.missing_since is not null as gone from tagward.resource r
    join tagward.read_part p on p.id = r.part_id where p.target_id = $1 order by 1`,
    [targetId],
  );
  await client.end();
  return rows.map(({ resource, gone }) => [resource, gone]);
}
