import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const ALL = { first: 200, after: null };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const RULES = [
  { rulePack: 'labels', ruleId: 'spelling' },
  { rulePack: 'labels', ruleId: 'other' },
];

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

const place = (scope: string) => ({ scope, resourceType: 'repository' });
const repository = (scope: string, tags: number) => ({
  unit: place(scope),
  resources: [
    aResource(
      scope,
      Array.from({ length: tags }, (_, n) => aTag(`v${n}`, null, `sha256:${n}`)),
      place(scope),
    ),
  ],
});
const fault = (id: string, scope: string, ruleId = 'spelling') =>
  aFault(`${id}/${scope}/${ruleId}`, { ...place(scope), resource: scope, tag: 'v0', ruleId });

async function filled(scopes: Readonly<Record<string, number>>): Promise<string> {
  const { id } = await storedTarget(database, { platform: 'registry' });
  const units = Object.entries(scopes).map(([scope, tags]) => ({
    ...repository(scope, tags),
    faults: [fault(id, scope), fault(id, scope, 'other')],
  }));
  await runScan(database, { targetId: id, at: at(1), rules: RULES, units });
  return id;
}

/** Opens a scan that reads these scopes, and says what becomes of the others. */
async function scanOf(
  targetId: string,
  minute: number,
  scopes: Readonly<Record<string, number>>,
  { what, rules = RULES }: { what?: 'complete' | 'suspect'; rules?: typeof RULES } = {},
) {
  const { session, scan, owner } = await startScan(database, { targetId, at: at(minute), rules });
  for (const [scope, tags] of Object.entries(scopes)) await readUnit(session, repository(scope, tags));
  const told = new Set(Object.keys(scopes));
  const counts = await session.countOtherScopes(told);
  if (what === 'complete') await session.completeOtherScopes(told);
  if (what === 'suspect') await session.suspectOtherScopes(told);
  const after = await session.countOtherScopes(told);
  const found = await session.finish(RULES);
  await database.stores.scans.finish(scan.id, owner, {
    status: 'SUCCEEDED',
    progress: { done: 1, total: 1, resources: 0, tags: 0 },
    rulePacks: [],
    counts: found,
    notEvaluated: [],
    errors: [],
  });
  return { counts, after, found };
}

const present = async (targetId: string) => {
  const scopesOf = (edges: readonly { node: { scope: string | null } }[]) =>
    [...new Set(edges.map(({ node }) => node.scope))].sort();
  const filter = { targetIds: [targetId] };
  return {
    tags: scopesOf((await database.readModels.tags(filter, ALL, null)).edges),
    resources: scopesOf((await database.readModels.resources(filter, ALL, null)).edges),
  };
};

describe('scopes that a scan was not told of', () => {
  it('are gone when it is said so: with resources, tags, and findings of the rules that ran', async () => {
    const id = await filled({ one: 3, two: 4, three: 5 });
    const { counts, after, found } = await scanOf(
      id,
      2,
      { one: 3 },
      { what: 'complete', rules: RULES.slice(0, 1) },
    );

    expect(counts).toEqual({ parts: 2, before: 12, seen: 3 });
    expect(after).toEqual({ parts: 0, before: 0, seen: 0 });
    expect(found.resolved).toBe(3);
    expect(await present(id)).toEqual({ tags: ['one'], resources: ['one'] });
    const states = await Promise.all(
      ['two', 'three'].map(async (scope) => [
        (await database.stores.findings.find(`${id}/${scope}/spelling`))?.state,
        (await database.stores.findings.find(`${id}/${scope}/other`))?.state,
      ]),
    );
    expect(states).toEqual([
      ['RESOLVED', 'OPEN'],
      ['RESOLVED', 'OPEN'],
    ]);
    // What another rule found there is resolved by the next scan that runs it.
    expect((await scanOf(id, 3, { one: 3 }, { what: 'complete' })).found.resolved).toBe(3);
    expect((await scanOf(id, 4, { one: 3 })).counts.parts).toBe(0);
  });

  it('of another target are none of its business', async () => {
    const other = await filled({ one: 3 });
    const id = await filled({ two: 3 });
    await scanOf(id, 2, {}, { what: 'complete' });

    expect(await present(id)).toEqual({ tags: [], resources: [] });
    expect(await present(other)).toEqual({ tags: ['one'], resources: ['one'] });
  });

  it('come back as they were, their names with them', async () => {
    const id = await filled({ one: 3, two: 3 });
    await scanOf(id, 2, { one: 3 }, { what: 'complete' });
    const { session } = await startScan(database, { targetId: id, at: at(3) });
    const { unit, resources } = repository('two', 3);
    await session.recordResources(unit, resources);

    const [history] = await session.history(resources, new Set(['was', 'firstSeen'] as const));
    expect(history?.[0]).toEqual({ firstSeenAt: at(1), was: 'sha256:0', cameBack: false });
    expect((await present(id)).tags).toEqual(['one', 'two']);
  });

  it('counts what the target had before the scan, and what it holds without them', async () => {
    const id = await filled({ one: 30, two: 40, three: 50 });

    // Ten are new and not counted as before; five went with a unit that was read, and are.
    expect((await scanOf(id, 2, { one: 40, two: 35 })).counts).toEqual({ parts: 1, before: 120, seen: 75 });
  });

  it('are believed to be gone when two scans in a row missed them, each scope by itself', async () => {
    const id = await filled({ one: 30, two: 40, three: 50 });
    const first = await scanOf(id, 2, { one: 30, two: 40 }, { what: 'suspect' });

    expect(first.counts).toEqual({ parts: 1, before: 120, seen: 70 });
    expect(first.after, 'the same scan is no second one').toEqual(first.counts);
    expect(await present(id)).toMatchObject({ tags: ['one', 'three', 'two'] });
    expect((await scanOf(id, 3, { one: 30 })).counts).toEqual({ parts: 2, before: 70, seen: 30 });
    await scanOf(id, 4, { one: 30, two: 40, three: 50 });
    expect((await scanOf(id, 5, { one: 30, two: 40 })).counts, 'it was read in between').toEqual({
      parts: 1,
      before: 120,
      seen: 70,
    });
  });
});
