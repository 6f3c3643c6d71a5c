import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSource } from '#testing';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.js';

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const DAC_READ_SEARCH = 1n << 2n;

/** As in `lock-data-directory`: what root makes is passable for the server, and closed to everybody else. */
async function query<T extends pg.QueryResultRow>(config: pg.PoolConfig | string, sql: string): Promise<T[]> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function capabilities(pid: number): Promise<bigint> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? ''}`);
}

describe('startEmbeddedPostgres', () => {
  let folder: string;
  let running: EmbeddedPostgres | null = null;
  const start = async (dataDir: string, options = {}): Promise<EmbeddedPostgres> => {
    running = await startEmbeddedPostgres({ dataDir, logger, durable: false, ...options });
    return running;
  };

  beforeEach(async () => {
    vi.clearAllMocks();
    folder = await mkdtemp(join(tmpdir(), 'embedded-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await running?.stop();
    running = null;
    await rm(folder, { recursive: true });
  });

  it('makes a UTF-8 database whatever the locale says, reached by a private socket only', async () => {
    for (const name of ['LANG', 'LC_ALL', 'LC_CTYPE']) vi.stubEnv(name, 'xx_XX.UTF-8');
    const server = await start(join(folder, 'data'));

    const [row] = await query<Record<string, unknown>>(
      server.poolConfig,
      `select current_user as "user", rolsuper as super, current_setting('server_encoding') as encoding, lower('ÄÉ') as lower,
         current_setting('listen_addresses') as tcp, current_setting('password_encryption') as auth
       from pg_roles where rolname = current_user`,
    );
    expect(row).toEqual({
      user: 'tagward',
      super: false,
      encoding: 'UTF8',
      lower: 'äé',
      tcp: '',
      auth: 'scram-sha-256',
    });
    expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(server.poolConfig.host)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'data', 'postgres', 'tagward.password'))).mode & 0o777).toBe(0o600);
    await expect(query({ ...server.poolConfig, password: 'password' }, 'select 1')).rejects.toThrow(
      /password/,
    );
  });

  it('finds its data again, and logs no statement and no row', async () => {
    const first = await start(join(folder, 'data'));
    await query(
      first.poolConfig,
      `create table kept as select 'canary-77' as word; alter table kept add primary key (word)`,
    );
    await expect(query(first.poolConfig, `insert into kept values ('canary-77')`)).rejects.toThrow(
      /duplicate/,
    );
    await first.stop();
    await first.stop();

    const second = await start(join(folder, 'data'));
    expect(await query(second.poolConfig, 'select word from kept')).toEqual([{ word: 'canary-77' }]);
    expect(JSON.stringify(Object.values(logger).map((method) => method.mock.calls))).not.toContain(
      'canary-77',
    );
  });

  it('works below long paths with spaces, quotes and commas that only their owner may enter', async () => {
    const deep = join(folder, `it's a "home", closed`, 'x'.repeat(120));
    await mkdir(deep, { recursive: true });
    await chmod(folder, 0o700);
    const server = await start(join(deep, 'data'));

    expect(await query(server.poolConfig, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(server.poolConfig.host.startsWith(deep)).toBe(false);
    await server.stop();
    await expect(stat(server.poolConfig.host)).rejects.toThrow('ENOENT');
  });

  it.runIf(isRoot)(
    'gives the server the capability to search closed folders only where folders are closed',
    async () => {
      const closed = await start(join(folder, 'data'));
      expect(await capabilities(closed.pid)).toBe(DAC_READ_SEARCH);
      await closed.stop();

      await chmod(folder, 0o711);
      const open = await start(join(folder, 'data'));
      expect(await capabilities(open.pid)).toBe(0n);
    },
  );

  it('reports the exit of a server that nobody stopped', async () => {
    const exit = Promise.withResolvers<Error>();
    const server = await start(join(folder, 'data'), { onExit: exit.resolve });
    process.kill(server.pid, 'SIGKILL');

    expect(await exit.promise).toMatchObject({
      code: 'DEPENDENCY_DOWN',
      message: expect.stringContaining('SIGKILL'),
    });
    await server.stop();
    expect(await query((await start(join(folder, 'data'))).poolConfig, 'select 1 as one')).toEqual([
      { one: 1 },
    ]);
  });

  it.runIf(isRoot)('runs for a plain user too', async () => {
    await chmod(folder, 0o777);
    const plain = startSource(import.meta.url, SERVE, { uid: NOBODY, env: { FOLDER: join(folder, 'data') } });
    const { pid, poolConfig } = JSON.parse(await plain.nextLine()) as {
      pid: number;
      poolConfig: pg.PoolConfig;
    };

    expect(await query(poolConfig, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await capabilities(pid)).toBe(0n);
    plain.kill('SIGTERM');
    expect(await plain.ended).toBe(0);
  });

  it('says what to mend when the data directory cannot be used', async () => {
    await expect(start('/dev/null/data')).rejects.toMatchObject({ code: 'DATA_DIRECTORY_INVALID' });
    if (!isRoot) return;
    const plain = startSource(import.meta.url, SERVE, { uid: NOBODY, env: { FOLDER: join(folder, 'data') } });
    await expect(plain.nextLine()).rejects.toThrow(/give TAGWARD_DATA_DIR to the account/);
  });
});

const SERVE = `
import { startEmbeddedPostgres } from './start-embedded-postgres.js';
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const server = await startEmbeddedPostgres({ dataDir: process.env.FOLDER, logger, durable: false });
process.once('SIGTERM', () => server.stop().then(() => process.exit(0)));
console.log(JSON.stringify({ pid: server.pid, poolConfig: server.poolConfig }));
`;
