import pg from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from './postgres.js';

it('makes empty databases that do not see each other, and removes them', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  const client = new pg.Client(one.url);
  await client.connect();
  client.on('error', () => undefined);
  await client.query('create table only_here (id int)');
  const other = new pg.Client(two.poolConfig);
  await other.connect();

  const tables = await other.query(`select 1 from pg_tables where tablename = 'only_here'`);
  const role = await other.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  expect(tables.rowCount).toBe(0);
  expect(role.rows[0]?.super).toBe(false);

  const name = (await client.query<{ name: string }>('select current_database() as name')).rows[0]?.name;
  await one.drop();
  expect((await other.query('select 1 from pg_database where datname = $1', [name])).rowCount).toBe(0);
  await other.end();
  await two.drop();
});
