import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '#core';
import {
  aFault,
  aResource,
  aTag,
  readUnit,
  runScan,
  startScan,
  storedTarget,
  testDatabase,
  type TestDatabase,
} from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const ALL = { first: 200, after: null };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

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

async function tagsOf(targetId: string) {
  return (await database.readModels.tags({ targetIds: [targetId] }, ALL, null)).edges.map(({ node }) => node);
}
async function resourcesOf(targetId: string) {
  return (await database.readModels.resources({ targetIds: [targetId] }, ALL, null)).edges.map(
    ({ node }) => node,
  );
}
function scanOf(targetId: string, minute: number, resources: readonly Resource[], complete = true) {
  return runScan(database, { targetId, at: at(minute), units: [{ unit: UNIT, resources, complete }] });
}

describe('inventory', () => {
  it('keeps first seen, renews last seen without writing, and lists what is gone no more', async () => {
    const { id } = await storedTarget(database);
    await scanOf(id, 1, [
      aResource('i-1', [aTag('a', '1'), aTag('b', '1')]),
      aResource('i-2', [aTag('a', '2')]),
    ]);
    await scanOf(id, 2, [aResource('i-1', [aTag('a', '1')])]);
    expect(await tagsOf(id)).toMatchObject([
      { resource: 'i-1', name: 'a', firstSeenAt: at(1), lastSeenAt: at(2), moves: [] },
    ]);
    expect(await resourcesOf(id)).toMatchObject([{ resource: 'i-1', lastSeenAt: at(2) }]);
    await scanOf(id, 3, [aResource('i-1', [aTag('b', '9')]), aResource('i-2')]);
    expect(await tagsOf(id)).toMatchObject([
      { name: 'b', value: '9', firstSeenAt: at(1), lastSeenAt: at(3) },
    ]);
    expect((await resourcesOf(id)).map(({ resource }) => resource)).toEqual(['i-1', 'i-2']);
  });

  it('notes when what is gone was last seen', async () => {
    const { id } = await storedTarget(database);
    await scanOf(id, 1, [aResource('i-1', [aTag('a')])]);
    await scanOf(id, 2, [aResource('i-1', [aTag('a')])]);
    await scanOf(id, 3, []);
    const client = new pg.Client(server.poolConfig);
    await client.connect();
    const { rows } = await client.query(
      `select t.seen_at, t.missing_since from tagward.tag t join tagward.read_part p on p.id = t.part_id where p.target_id = $1`,
      [id],
    );
    await client.end();
    expect(rows).toEqual([{ seen_at: at(2), missing_since: at(3) }]);
  });

  it('appends where a pointer pointed before; a label only changes', async () => {
    const { id } = await storedTarget(database);
    const scan = (minute: number, digest: string, value: string) =>
      scanOf(id, minute, [aResource('app', [aTag('latest', null, digest), aTag('owner', value)])]);
    await scan(1, 'sha256:a', 'x');
    await scan(2, 'sha256:b', 'y');
    await scan(3, 'sha256:b', 'y');
    await scan(4, 'sha256:a', 'x');
    const [latest, owner] = await tagsOf(id);
    expect(latest?.moves).toEqual([
      { at: at(2), from: 'sha256:a', to: 'sha256:b' },
      { at: at(4), from: 'sha256:b', to: 'sha256:a' },
    ]);
    expect(owner).toMatchObject({ value: 'x', moves: [], firstSeenAt: at(1) });
  });

  it('takes nothing for gone in a part that was not read to its end, nor in another part', async () => {
    const { id } = await storedTarget(database);
    const volume = aResource('vol-1', [aTag('a')], { resourceType: 'volume' });
    const other = aResource('i-9', [aTag('a')], { scope: 'us-east-1' });
    const units = [
      { unit: UNIT, resources: [aResource('i-1', [aTag('a')])] },
      { unit: { scope: 'eu-central-1', resourceType: 'volume' }, resources: [volume] },
      { unit: { scope: 'us-east-1', resourceType: null }, resources: [other] },
    ];
    await runScan(database, { targetId: id, at: at(1), units });
    await scanOf(id, 2, [aResource('i-2', [aTag('a')])], false);
    const lastSeen = Object.fromEntries(
      (await tagsOf(id)).map(({ resource, lastSeenAt }) => [resource, lastSeenAt]),
    );
    expect(lastSeen).toEqual({ 'i-1': at(1), 'i-2': at(2), 'vol-1': at(1), 'i-9': at(1) });
    await runScan(database, {
      targetId: id,
      at: at(3),
      units: [{ unit: { scope: 'eu-central-1', resourceType: null } }],
    });
    expect((await tagsOf(id)).map(({ resource }) => resource)).toEqual(['i-9']);
  });

  it('judges the absence of named resources only when limited to them', async () => {
    const { id } = await storedTarget(database);
    const tags = [aTag('a'), aTag('b')];
    await scanOf(
      id,
      1,
      ['i-1', 'i-2', 'i-3'].map((name) => aResource(name, tags)),
    );
    const limited = { targetId: id, at: at(2), resources: ['i-1', 'i-2', 'i-none'] };
    await runScan(database, {
      ...limited,
      units: [{ unit: UNIT, resources: [aResource('i-1', [aTag('a')])] }],
    });
    const seen = (await tagsOf(id)).map(({ resource, name, lastSeenAt }) => [resource, name, lastSeenAt]);
    expect(seen).toEqual([
      ['i-1', 'a', at(2)],
      ['i-3', 'a', at(1)],
      ['i-3', 'b', at(1)],
    ]);
    expect((await resourcesOf(id)).map(({ resource, lastSeenAt }) => [resource, lastSeenAt])).toEqual([
      ['i-1', at(2)],
      ['i-3', at(1)],
    ]);
  });

  it('groups resources by the owner tag, and keeps teams when no pack names one', async () => {
    const { id } = await storedTarget(database);
    const resources = [aResource('i-1', [aTag('owner', 'core')]), aResource('i-2', [aTag('owner', '')])];
    const scan = (ownerTag: string | null, of = resources) =>
      runScan(database, { targetId: id, ownerTag, units: [{ unit: UNIT, resources: of }] });
    const teams = async () => (await resourcesOf(id)).map(({ team }) => team);
    await scan('owner');
    expect(await teams()).toEqual(['core', null]);
    await scan(null);
    expect(await teams()).toEqual(['core', null]);
    await scan('owner', [aResource('i-1'), aResource('i-2', [aTag('owner', 'data')])]);
    expect(await teams()).toEqual([null, 'data']);
  });

  it('gives what has no owner tag to the team of the owners map; the tag beats the map', async () => {
    const { id } = await storedTarget(database);
    const resources = [
      aResource('acme/api', [aTag('owner', 'core')]),
      aResource('acme/web'),
      aResource('other', [aTag('owner', '')]),
    ];
    const ownerOf = (resource: string) => (resource.startsWith('acme/') ? 'acme' : null);
    const scan = (script: { ownerTag: string | null; ownerOf: typeof ownerOf | null }) =>
      runScan(database, { targetId: id, ...script, units: [{ unit: UNIT, resources }] });
    const teams = async () => (await resourcesOf(id)).map(({ team }) => team);
    await scan({ ownerTag: 'owner', ownerOf });
    expect(await teams()).toEqual(['core', 'acme', null]);
    await scan({ ownerTag: null, ownerOf: null });
    expect(await teams()).toEqual(['core', 'acme', null]);
    await scan({ ownerTag: null, ownerOf });
    expect(await teams()).toEqual(['acme', 'acme', null]);
    await scan({ ownerTag: 'owner', ownerOf: null });
    expect(await teams()).toEqual(['core', null, null]);
  });

  it('merges a resource that comes in pieces, in one batch and in several', async () => {
    const { id } = await storedTarget(database);
    const { session, scan, owner } = await startScan(database, { targetId: id });
    await session.recordResources(UNIT, [
      aResource('app', [aTag('v1')]),
      aResource('app', [aTag('v2'), aTag('v1')]),
    ]);
    await session.recordResources(UNIT, [aResource('app', [aTag('v3'), aTag('v1')])]);
    expect(await session.tagCounts(UNIT)).toEqual({ before: 0, seen: 3, suspected: false });
    await session.completeUnit(UNIT);
    await database.stores.scans.release(scan.id, owner);
    expect((await tagsOf(id)).map(({ name }) => name)).toEqual(['v1', 'v2', 'v3']);
  });

  it('stores hostile texts: NUL, halves of pairs, and names no index could hold', async () => {
    const { id } = await storedTarget(database);
    const long = 'x'.repeat(20_000);
    const names = ['a\u0000b', 'half \ud800', `${long}1`, `${long}2`, '"{,}\\', 'ключ'.repeat(200)];
    const resources = [
      aResource(
        `i-\u0000${long}`,
        names.map((name) => aTag(name, `${name}\u0000`)),
      ),
    ];
    const fault = aFault(`${id}-nul`, {
      resource: `i-\u0000${long}`,
      tag: 'a\u0000b',
      message: '\u0000',
      evidence: { 'k\u0000': ['\u0000\ud800'] },
    });
    for (const minute of [1, 2]) {
      await runScan(database, {
        targetId: id,
        at: at(minute),
        units: [{ unit: UNIT, resources, faults: [fault] }],
      });
      const stored = await tagsOf(id);
      expect(stored).toHaveLength(names.length);
      expect(stored[0]).toMatchObject({ name: 'a\ufffdb', value: 'a\ufffdb\ufffd', lastSeenAt: at(minute) });
      expect(stored[4]?.name).toBe('"{,}\\');
    }
    const finding = await database.stores.findings.find(`${id}-nul`);
    expect(finding).toMatchObject({
      message: '\ufffd',
      evidence: { 'k\ufffd': ['\ufffd\ufffd'] },
      timesReopened: 0,
    });
    expect((await database.stores.targets.find(id))?.hygieneScore).toBeCloseTo(
      100 * (1 - 0.3 / names.length),
      10,
    );
  });

  it('writes next to nothing when nothing changed, and finds the one tag that went', async () => {
    const { id } = await storedTarget(database);
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => aTag(`v${n}`, null, `sha256:${n}`));
    await scanOf(id, 1, [aResource('app', many(20_500))]);
    const versions = async () => {
      const client = new pg.Client(server.poolConfig);
      await client.connect();
      const { rows } = await client.query<{ changed: string }>(
        'select count(*) as changed from tagward.tag t where t.xmin::text::bigint > $1',
        [highest],
      );
      await client.end();
      return Number(rows[0]?.changed);
    };
    const highest = await currentTransaction(server);
    await scanOf(id, 2, [aResource('app', many(20_500))]);
    expect(await versions()).toBe(0);
    await scanOf(id, 3, [aResource('app', many(20_499))]);
    expect(await versions()).toBe(1);
    expect(await (await database.readModels.tags({ targetIds: [id] }, ALL, null)).totalCount()).toBe(20_499);
  });
});

describe('an implausible drop', () => {
  it('is noted, believed when the next scan sees it too, and forgotten when a unit completes', async () => {
    const { id } = await storedTarget(database);
    await scanOf(id, 1, [aResource('i-1', [aTag('a'), aTag('b'), aTag('c')])]);
    const empty = async (judge: 'suspect' | 'complete') => {
      const { session, scan, owner } = await startScan(database, { targetId: id });
      await readUnit(session, { unit: UNIT, resources: [aResource('i-1', [aTag('a')])], complete: false });
      const counts = await session.tagCounts(UNIT);
      await (judge === 'suspect' ? session.suspectUnit(UNIT) : session.completeUnit(UNIT));
      const again = await session.tagCounts(UNIT);
      await database.stores.scans.requestCancel(scan.id);
      await database.stores.scans.release(scan.id, owner);
      await database.stores.scans.requestCancel(scan.id);
      return { counts, again };
    };
    const first = await empty('suspect');
    expect(first.counts).toEqual({ before: 3, seen: 1, suspected: false });
    expect(first.again.suspected).toBe(false);
    expect(await tagsOf(id)).toHaveLength(3);
    expect((await empty('suspect')).counts).toEqual({ before: 3, seen: 1, suspected: true });
    expect((await empty('complete')).counts.suspected).toBe(true);
    expect(await tagsOf(id)).toHaveLength(1);
    expect((await empty('suspect')).counts).toEqual({ before: 1, seen: 1, suspected: false });
  });

  it('counts the named resources only when limited to them', async () => {
    const { id } = await storedTarget(database);
    await scanOf(id, 1, [aResource('i-1', [aTag('a'), aTag('b')]), aResource('i-2', [aTag('a')])]);
    const { session } = await startScan(database, { targetId: id, resources: ['i-1'] });
    await session.recordResources(UNIT, [aResource('i-1', [aTag('b'), aTag('new')])]);
    expect(await session.tagCounts(UNIT)).toEqual({ before: 2, seen: 2, suspected: false });
  });
});

describe('a session that was overtaken', () => {
  it('writes nothing any more', async () => {
    const { id } = await storedTarget(database);
    const old = await startScan(database, { targetId: id });
    await old.session.recordResources(UNIT, [aResource('i-1', [aTag('a')])]);
    await database.stores.scans.recover(0, 5);
    const lost = { code: 'WORKER_LOST' };
    await expect(old.session.recordResources(UNIT, [aResource('i-2')])).rejects.toMatchObject(lost);
    const claimed = await database.stores.scans.claim(id, 'new owner');
    expect(claimed?.scan.id).toBe(old.scan.id);
    await expect(old.session.recordFindings(UNIT, [aFault(`${id}-1`)])).rejects.toMatchObject(lost);
    await expect(old.session.completeUnit(UNIT)).rejects.toMatchObject(lost);
    expect((await resourcesOf(id)).map(({ resource }) => resource)).toEqual(['i-1']);
  });

  it('stops when its target is removed, and leaves nothing behind', async () => {
    const { id } = await storedTarget(database);
    const { session } = await startScan(database, { targetId: id });
    await session.recordResources(UNIT, [aResource('i-1', [aTag('a')])]);
    await database.stores.targets.remove(id);
    await expect(session.recordResources(UNIT, [aResource('i-2')])).rejects.toMatchObject({
      code: 'WORKER_LOST',
    });
    const elsewhere = { scope: 'us-east-1', resourceType: 'instance' };
    await expect(session.recordResources(elsewhere, [aResource('i-3', [], elsewhere)])).rejects.toMatchObject(
      {
        code: 'NOT_FOUND',
      },
    );
  });

  it('is not opened for a scan that does not run', async () => {
    const { id } = await storedTarget(database);
    const { scan } = await database.stores.scans.enqueue({
      targetId: id,
      trigger: 'MANUAL',
      rulePacks: null,
      scopes: null,
    });
    const request = { targetId: id, at: at(1), rules: [], resources: null, ownerTag: null };
    await expect(database.openScanSession({ ...request, scanId: scan.id })).rejects.toMatchObject({
      code: 'WORKER_LOST',
    });
    await expect(database.openScanSession({ ...request, scanId: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

async function currentTransaction({ poolConfig }: TestDatabase): Promise<number> {
  const client = new pg.Client(poolConfig);
  await client.connect();
  const { rows } = await client.query<{ xid: string }>('select txid_current() as xid');
  await client.end();
  return Number(rows[0]?.xid);
}
