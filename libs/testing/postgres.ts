import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#persistence';

export interface TestDatabase {
  /** As DATABASE_URL takes it. Its role owns the database and is no superuser (on a foreign server: whoever the URL names). */
  readonly url: string;
  readonly poolConfig: pg.PoolConfig;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

export interface TestServer {
  /** Of a role that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Names a server whose role may create databases; vitest's global set-up starts one and sets it when it is not set. */
export const TEST_DATABASE_VARIABLE = 'TAGWARD_TEST_DATABASE_URL';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let ownServer: Promise<TestServer> | null = null;
let users = 0;

/**
 * A fresh, empty database, for one spec file: call it in `beforeAll` and `drop` it in `afterAll`. It lies on the server that all spec files of a run share; outside
 * vitest (benchmarks, scripts) on one that is started for it and stopped with the last database.
 */
export async function testDatabase(): Promise<TestDatabase> {
  users++;
  const server = process.env[TEST_DATABASE_VARIABLE] ?? (await (ownServer ??= startTestServer())).url;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name} template template0`);
  const url = withDatabase(server, name);
  return {
    url,
    poolConfig: { connectionString: url },
    async drop() {
      await onServer(server, `drop database if exists ${name} with (force)`);
      if (--users > 0 || ownServer === null) return;
      const stopped = ownServer;
      ownServer = null;
      await (await stopped).stop();
    },
  };
}

/** An embedded PostgreSQL in a temporary folder; unless `durable` it never waits for the disk. */
export async function startTestServer({ durable = false } = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tagward-test-'));
  const server = await startEmbeddedPostgres({ dataDir, logger: silent, durable });
  const admin = new pg.Client(server.adminPoolConfig);
  await admin.connect();
  await admin.query('alter role tagward createdb');
  // Without it `drop database … with (force)` is refused while autovacuum happens to be there.
  await admin.query('grant pg_signal_backend to tagward');
  await admin.end();
  return {
    url: server.connectionString,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Only the path changes: URL objects drop an empty host, which is how a URL says "unix socket". */
function withDatabase(url: string, name: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/?]*)\/?[^?]*/, `$1/${name}`);
}
