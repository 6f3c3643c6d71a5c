import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';
import { databaseOn } from './database-on.js';
import { allowLongStatements } from './statement-limits.js';
import { type Db, inTransaction } from './transactions.js';

let server: TestDatabase;
let database: PostgresDatabase;
let db: Db;
let intruder: pg.Client;
const lost: string[] = [];
const logger = {
  debug() {},
  info() {},
  error() {},
  warn: (_fields: object, message: string) => void lost.push(message),
};

beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  db = databaseOn(
    { poolConfig: server.poolConfig, maxConnections: 4, logger },
    { statementTimeoutMs: 300, lockTimeoutMs: 300 },
  );
  intruder = new pg.Client(server.poolConfig);
  await intruder.connect();
});
afterAll(async () => {
  await intruder.end();
  await db.destroy();
  await database.close();
  await server.drop();
});

async function pid(on: Db): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on);
  return rows[0]?.pid ?? 0;
}
const down = { code: 'DEPENDENCY_DOWN', retryable: true };

describe('a connection that is lost', () => {
  it('while idle is noticed and replaced, and ends nothing', async () => {
    const victim = await pid(db);
    const before = lost.length;
    await intruder.query('select pg_terminate_backend($1)', [victim]);
    await expect.poll(() => lost.length).toBeGreaterThan(before);
    expect(await pid(db)).not.toBe(victim);
  });

  it('within a transaction, between two queries, fails that transaction alone', async () => {
    const work = inTransaction(db, async (transaction) => {
      const victim = await pid(transaction);
      const before = lost.length;
      await intruder.query('select pg_terminate_backend($1)', [victim]);
      await expect.poll(() => lost.length).toBeGreaterThan(before);
      return pid(transaction);
    });
    await expect(work).rejects.toMatchObject(down);
    expect(await pid(db)).toBeGreaterThan(0);
  });

  it('to a server that became read-only is dropped', async () => {
    let first = 0;
    const write = db.connection().execute(async (connection) => {
      first = await pid(connection);
      await sql`set default_transaction_read_only = on`.execute(connection);
      await sql`create table tagward.never (id int)`.execute(connection);
    });
    await expect(write).rejects.toMatchObject({ ...down, message: expect.stringContaining('25006') });
    const { rowCount } = await intruder.query('select 1 from pg_stat_activity where pid = $1', [first]);
    const others = await Promise.all(Array.from({ length: 8 }, () => pid(db)));
    expect(others).not.toContain(first);
    expect(rowCount).toBeLessThanOrEqual(1);
  });
});

describe('limits', () => {
  it('stop a query that takes too long, and let long work say so', async () => {
    await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await inTransaction(db, async (transaction) => {
      await allowLongStatements(transaction);
      await sql`select pg_sleep(0.4)`.execute(transaction);
    });
  });

  it('stop waiting for a lock that is held too long', async () => {
    await intruder.query('begin; lock table tagward.audit_head in access exclusive mode');
    await expect(sql`select * from tagward.audit_head`.execute(db)).rejects.toMatchObject({
      code: expect.stringMatching(/DEPENDENCY_DOWN|LIMIT_EXCEEDED/),
    });
    await intruder.query('rollback');
  });

  it('answer in time when all connections are in use', async () => {
    const options = { poolConfig: { ...server.poolConfig, connectionTimeoutMillis: 100 }, maxConnections: 1 };
    const small = databaseOn(options, { statementTimeoutMs: 0, lockTimeoutMs: 0 });
    await small.connection().execute(async () => {
      await expect(pid(small)).rejects.toMatchObject(down);
    });
    expect(await pid(small)).toBeGreaterThan(0);
    await small.destroy();
  });
});

describe('errors', () => {
  it('quote no row', async () => {
    const insert = sql`insert into tagward.target (id, name) values ('the secret of the row', 'x')`.execute(
      db,
    );
    const error: unknown = await insert.catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: '23502' });
    expect(inspect(error, { depth: 5 })).not.toContain('contains (the secret of the row');
    expect(JSON.stringify(error)).not.toContain('the secret of the row');
  });

  it('say that nobody answers, without the password', async () => {
    const port = await unusedPort();
    const open = openDatabase({ connectionString: `postgres://me:hunter2@127.0.0.1:${port}/tagward` });
    const error = await open.catch((fault: unknown) => fault);
    expect(error).toMatchObject({ ...down, message: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });

  it('are the same after closing, which may be done twice', async () => {
    const other = await openDatabase({ poolConfig: server.poolConfig });
    await other.ping();
    await Promise.all([other.close(), other.close()]);
    await expect(other.ping()).rejects.toBeInstanceOf(Error);
  });
});

describe('transactions', () => {
  it('are run again after a deadlock, and both come through', async () => {
    const [one, two] = [
      await database.stores.targets.insert(aTarget()),
      await database.stores.targets.insert(aTarget()),
    ];
    let runs = 0;
    let bothHold = 0;
    const swap = (first: string, second: string) =>
      database.transaction(async ({ targets }) => {
        runs += 1;
        await targets.update(first, { location: `run ${runs}` });
        bothHold += 1;
        await expect.poll(() => bothHold).toBeGreaterThanOrEqual(2);
        await targets.update(second, { location: `run ${runs}` });
      });
    await Promise.all([swap(one.id, two.id), swap(two.id, one.id)]);
    expect(runs).toBeGreaterThanOrEqual(3);
  });

  it('that always fail to serialise end as unavailable', async () => {
    let runs = 0;
    const work = inTransaction(db, async (transaction) => {
      runs += 1;
      await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(transaction);
    });
    await expect(work).rejects.toMatchObject(down);
    expect(runs).toBe(6);
  });

  it('keep nothing of what failed', async () => {
    const target = aTarget();
    const work = database.transaction(async ({ targets }) => {
      await targets.insert(target);
      await targets.insert(target);
    });
    await expect(work).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    const found = await database.readModels.targets({ search: target.name }, { first: 1, after: null }, null);
    expect(found.edges).toEqual([]);
  });
});

async function unusedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return address.port;
}
