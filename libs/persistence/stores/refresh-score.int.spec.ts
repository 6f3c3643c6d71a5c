import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const RESOURCES = 3_000;

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig, maxConnections: 1 });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

/** Rows that statements have read from inventory and findings so far. */
async function rowsRead(): Promise<number> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  try {
    const { rows } = await client.query<{ sum: string }>(
      `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as sum from pg_stat_user_tables where schemaname = 'tagward'`,
    );
    return Number(rows[0]?.sum);
  } finally {
    await client.end();
  }
}

/** Statistics of a connection reach the others when it ends, at the latest. */
async function settled(): Promise<number> {
  await database.close();
  const sum = await rowsRead();
  database = await openDatabase({ poolConfig: server.poolConfig, maxConnections: 1 });
  return sum;
}

it('reads each row of a target a few times only, right after a scan that put one key at fault everywhere', async () => {
  const target = await storedTarget(database);
  const ids = Array.from({ length: RESOURCES }, (_, n) => `i-${n}`);
  await runScan(database, {
    targetId: target.id,
    units: [
      {
        unit: UNIT,
        resources: ids.map((id) => aResource(id, [aTag('enviroment'), aTag('Name')])),
        faults: ids.map((resource) => aFault(`${target.id}${resource}`, { resource })),
      },
    ],
  });
  const before = await settled();

  await database.stores.targets.refreshScore(target.id, new Date());

  const read = (await settled()) - before;
  expect(read).toBeGreaterThan(RESOURCES);
  expect(read).toBeLessThan(RESOURCES * 20);
  expect((await database.stores.targets.find(target.id))?.hygieneScore).toBeCloseTo(100 * (1 - 0.3 / 2), 5);
});
