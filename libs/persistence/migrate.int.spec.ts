import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#testing';
import { migrateToLatest } from './migrate.js';
import { MIGRATIONS } from './migrations/catalog.js';
import { openDatabase } from './open-database.js';

const NAMES = Object.keys(MIGRATIONS).sort();

let server: TestDatabase;
beforeEach(async () => {
  server = await testDatabase();
});
afterEach(async () => {
  await server.drop();
});

async function query(statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

it('runs each migration once, though several processes start together', async () => {
  const runs = await Promise.all(
    Array.from({ length: 4 }, () => migrateToLatest({ poolConfig: server.poolConfig })),
  );
  expect(runs.flat().sort()).toEqual(NAMES);
  expect(await migrateToLatest({ poolConfig: server.poolConfig })).toEqual([]);
});

it('keeps to its own schema', async () => {
  await migrateToLatest({ poolConfig: server.poolConfig });
  const schemas = await query(
    `select distinct schemaname as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  expect(schemas).toEqual([{ name: 'tagward' }]);
});

it('refuses a database that a newer version migrated', async () => {
  await migrateToLatest({ poolConfig: server.poolConfig });
  await query(
    `insert into tagward.migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`,
  );
  await expect(migrateToLatest({ poolConfig: server.poolConfig })).rejects.toMatchObject({
    code: 'VERSION_CONFLICT',
    message: expect.stringContaining('another version of Tagward'),
  });
});

it('is what opening does not do by itself', async () => {
  const database = await openDatabase({ poolConfig: server.poolConfig });
  await database.ping();
  expect(await query(`select 1 from pg_namespace where nspname = 'tagward'`)).toEqual([]);
  expect(await database.migrate()).toEqual(NAMES);
  await database.close();
});
