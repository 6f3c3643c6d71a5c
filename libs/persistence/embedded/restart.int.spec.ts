import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSource } from '#testing';
import { isAlive } from './leftover-server.js';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const isRoot = process.getuid?.() === 0;
const SERVE = `
import { startEmbeddedPostgres } from './start-embedded-postgres.js';
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const server = await startEmbeddedPostgres({ dataDir: process.env.FOLDER, logger, durable: false });
console.log(server.pid);
setInterval(() => undefined, 1000);
`;

/** Starts, runs, stops. */
async function withServer(dataDir: string, statement: string): Promise<unknown[]> {
  const server = await startEmbeddedPostgres({ dataDir, logger, durable: false });
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  await server.stop();
  return rows;
}

describe('a start after the end of another', () => {
  let folder: string;
  /** Stopped, with one row; each test has a copy, which root owns when root runs the tests. */
  let seed: string;
  let dataDir: string;
  let helper: ChildProcess | null = null;
  const kept = () => withServer(dataDir, 'select word from kept');
  const ROWS = [{ word: 'kept' }];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'restart-'));
    seed = join(folder, 'seed');
    await withServer(seed, `create table kept as select 'kept' as word`);
  });
  beforeEach(async () => {
    vi.clearAllMocks();
    dataDir = await mkdtemp(join(folder, 'copy-'));
    await cp(join(seed, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
  });
  afterEach(() => {
    helper?.kill('SIGKILL');
    helper = null;
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function serveAndKill(beforeKill: (pid: number) => void = () => undefined): Promise<number> {
    const tagward = startSource(import.meta.url, SERVE, { env: { FOLDER: dataDir } });
    const pid = Number(await tagward.nextLine());
    beforeKill(pid);
    tagward.kill('SIGKILL');
    await tagward.ended;
    return pid;
  }

  it('finds everything after kill -9, whose server ends by itself', async () => {
    const pid = await serveAndKill();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
    expect(await kept()).toEqual(ROWS);
  });

  it('waits for a server that is still there', async () => {
    const pid = await serveAndKill((server) => process.kill(server, 'SIGSTOP'));
    expect(isAlive(pid)).toBe(true);
    const rows = kept();
    await vi.waitFor(
      () => expect(logger.warn).toHaveBeenCalledWith({ pid }, expect.stringContaining('still running')),
      { timeout: 10_000 },
    );
    process.kill(pid, 'SIGCONT');

    expect(await rows).toEqual(ROWS);
    expect(isAlive(pid)).toBe(false);
  });

  it('is not misled by a lock file that names a process of somebody else', async () => {
    // The account of the server: PostgreSQL takes only processes that it may signal for a rival.
    helper = spawn('sleep', ['60'], isRoot ? { uid: 65534, gid: 65534 } : {});
    await once(helper, 'spawn');
    const lockFile = [
      helper.pid,
      join(dataDir, 'postgres'),
      1_700_000_000,
      5432,
      join(dataDir, 'run'),
      '',
      '123 456',
      'ready',
    ];
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${lockFile.join('\n')}\n`);

    expect(await kept()).toEqual(ROWS);
    expect(helper.exitCode).toBeNull();
  });

  it('leaves the server alone that a copied lock file names', async () => {
    const rival = await startEmbeddedPostgres({ dataDir: seed, logger, durable: false });
    const lockFile = await readFile(join(seed, 'postgres', 'postmaster.pid'));
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), lockFile);

    expect(await kept()).toEqual(ROWS);
    expect(isAlive(rival.pid)).toBe(true);
    await rival.stop();
  });

  it('clears what a start that was killed while it made the files left behind', async () => {
    await mkdir(join(dataDir, 'postgres.unfinished-0123', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.unfinished-0123.password'), 'x');

    expect(await kept()).toEqual(ROWS);
    expect((await readdir(dataDir)).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('refuses files of another major version, and damaged ones, and changes nothing', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    const versionText = await readFile(version);
    await writeFile(version, '17\n');
    await expect(kept()).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_INVALID',
      message: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18/),
    });

    await writeFile(version, versionText);
    const control = join(dataDir, 'postgres', 'global', 'pg_control');
    const bytes = await readFile(control);
    await writeFile(control, bytes.subarray(0, 100));
    await expect(kept()).rejects.toThrow(/damaged \(global\/pg_control/);

    await writeFile(control, bytes);
    expect(await kept()).toEqual(ROWS);
  });

  it('says that the files are damaged when PostgreSQL finds it', async () => {
    const logs = join(dataDir, 'postgres', 'pg_wal');
    for (const name of await readdir(logs)) if (/^[0-9A-F]{24}$/.test(name)) await rm(join(logs, name));

    await expect(kept()).rejects.toThrow(/database files are damaged: restore a backup/);
  });
});
