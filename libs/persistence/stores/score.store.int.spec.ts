import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const at = (day: number, hour: number) => new Date(Date.UTC(2026, 0, day, hour));

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

async function pointsOf(targetId: string): Promise<unknown[]> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  try {
    const { rows } = await client.query<{ at: Date; open: number; score: number }>(
      'select at, open, score from tagward.score_point where target_id = $1 order by at',
      [targetId],
    );
    return rows.map((row) => [row.at, row.open, Math.round(row.score * 1e6) / 1e6]);
  } finally {
    await client.end();
  }
}

/** A scan that finds so many of ten tags at fault, each of weight 0.3. */
async function scan(targetId: string, when: Date, faults: number): Promise<void> {
  const tags = Array.from({ length: 10 }, (_, n) => aTag(`k${n}`));
  await runScan(database, {
    targetId,
    at: when,
    units: [
      {
        unit: UNIT,
        resources: [aResource('i-1', tags)],
        faults: tags.slice(0, faults).map(({ name }) => aFault(`${targetId} ${name}`, { tag: name })),
      },
    ],
  });
}

it('has a point for each end of a scan that changed something, and one a day at least', async () => {
  const { id } = await storedTarget(database);
  await database.stores.targets.refreshScore(id, at(1, 1));
  expect(await pointsOf(id)).toEqual([]);
  await scan(id, at(1, 2), 2);
  await scan(id, at(1, 3), 2);
  await scan(id, at(1, 4), 1);
  await scan(id, at(2, 2), 1);
  expect(await pointsOf(id)).toEqual([
    [at(1, 2), 2, 94],
    [at(1, 4), 1, 97],
    [at(2, 2), 1, 97],
  ]);
});

it('never puts a point before one that came earlier: the last one is what holds', async () => {
  const { id } = await storedTarget(database);
  await scan(id, at(3, 5), 2);
  const suppression = { reason: 'r', by: 'b', at: at(3, 4), until: null };
  await database.stores.findings.suppress(`${id} k0`, suppression, null);
  await database.stores.targets.refreshScore(id, at(3, 4));
  expect(await pointsOf(id)).toEqual([[at(3, 5), 1, 97]]);
});

it('keeps the last point of each day when it is thinned, and all points since then', async () => {
  const { id } = await storedTarget(database);
  const other = await storedTarget(database);
  for (const [day, hour, faults] of [
    [1, 1, 5],
    [1, 23, 4],
    [2, 0, 3],
    [3, 1, 2],
    [3, 2, 1],
  ] as const)
    await scan(id, at(day, hour), faults);
  await scan(other.id, at(1, 3), 1);

  expect(await database.stores.scores.trim(at(3, 0))).toBeGreaterThanOrEqual(1);
  expect((await pointsOf(id)).map((point) => (point as unknown[])[0])).toEqual([
    at(1, 23),
    at(2, 0),
    at(3, 1),
    at(3, 2),
  ]);
  expect(await pointsOf(other.id)).toHaveLength(1);
  expect(await database.stores.scores.trim(at(3, 0))).toBe(0);
});

it('goes with its target', async () => {
  const { id } = await storedTarget(database);
  await scan(id, at(1, 1), 1);
  expect(await database.stores.targets.remove(id)).toBe(true);
  expect(await pointsOf(id)).toEqual([]);
});
