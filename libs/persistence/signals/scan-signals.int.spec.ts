import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ScanProgress } from '#application';
import { startScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { databaseOn } from '../connection/database-on.js';
import type { ConnectionOptions } from '../connection/guarded-pool.js';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';
import type { ListenTimes } from './listen-connection.js';
import { PostgresScanSignals } from './postgres-scan-signals.js';
import { silentLine } from './silent-line.fixture.js';

let server: TestDatabase;
let database: PostgresDatabase;
let eye: pg.Client;
const open: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  eye = new pg.Client(server.poolConfig);
  await eye.connect();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(async () => {
  await eye.end();
  await database.close();
  await server.drop();
});

/** A process of its own, as far as signals go. */
function signalsOn(options: ConnectionOptions = {}, times?: ListenTimes): PostgresScanSignals {
  const poll = databaseOn({ poolConfig: server.poolConfig }, { statementTimeoutMs: 0, lockTimeoutMs: 0 });
  const signals = new PostgresScanSignals(poll, { poolConfig: server.poolConfig, ...options }, times);
  open.push(
    () => poll.destroy(),
    () => signals.close(),
  );
  return signals;
}

async function aScan() {
  const { id: targetId } = await storedTarget(database);
  const { scan, owner } = await startScan(database, { targetId });
  let done = 0;
  return {
    id: scan.id,
    progress: (more = 1) => {
      const progress: ScanProgress = { done: (done += more), total: null, resources: 0, tags: 0 };
      return database.stores.scans.heartbeat(scan.id, owner, progress);
    },
    cancel: () => database.stores.scans.requestCancel(scan.id),
  };
}

const LISTENERS = `select pid from pg_stat_activity
  where datname = current_database() and application_name = 'tagward signals' and query not like 'select pid%'`;
async function listeners(): Promise<number[]> {
  const { rows } = await eye.query<{ pid: number }>(LISTENERS);
  return rows.map(({ pid }) => pid);
}
const soon = <T>(check: () => T | Promise<T>, timeout = 5_000) => vi.waitFor(check, { timeout, interval: 5 });

/** Waits until notices arrive: only they tell of stops. */
async function listening(signals: PostgresScanSignals): Promise<void> {
  const heard = vi.fn();
  const end = signals.onStop('a-sign', heard);
  await soon(async () => {
    await eye.query(`select pg_notify('tagward_scan_stops', 'a-sign')`);
    expect(heard).toHaveBeenCalled();
  }, 15_000);
  end();
}

describe('signals of scans', () => {
  it('tell every watcher of a scan, and nobody else, of progress', async () => {
    const signals = signalsOn();
    const [one, other] = [await aScan(), await aScan()];
    const looks = [vi.fn(), vi.fn(), vi.fn()] as const;
    signals.onChange(one.id, looks[0]);
    signals.onChange(one.id, looks[1]);
    signals.onChange(other.id, looks[2]);
    await listening(signals);
    await soon(() => expect(looks[2]).toHaveBeenCalled());
    const before = looks.map((look) => look.mock.calls.length);
    const at = performance.now();

    await one.progress();
    await soon(() => expect(looks[1].mock.calls.length).toBeGreaterThan(before[1] ?? 0));

    expect(performance.now() - at).toBeLessThan(900);
    expect(looks[0].mock.calls.length).toBeGreaterThan(before[0] ?? 0);
    expect(looks[2].mock.calls.length).toBe(before[2]);
  });

  it('tell nothing of a heartbeat without progress, and a burst within one transaction once', async () => {
    const heard: (string | undefined)[] = [];
    const client = new pg.Client(server.poolConfig);
    await client.connect();
    open.push(() => client.end());
    client.on('notification', ({ payload }) => heard.push(payload));
    await client.query('listen tagward_scans');
    const scan = await aScan();
    await vi.waitFor(() => expect(heard).toContain(scan.id));
    heard.length = 0;

    await scan.progress(0);
    await database.transaction(async (stores) => {
      for (let n = 0; n < 20; n++) await stores.scans.requestCancel(scan.id);
    });
    await client.query('select 1');

    expect(heard.filter((id) => id === scan.id)).toHaveLength(1);
  });

  it('tell who works on a scan that it is to stop, and not of progress', async () => {
    const signals = signalsOn();
    const scan = await aScan();
    const stop = vi.fn();
    signals.onStop(scan.id, stop);
    await listening(signals);

    await scan.progress();
    await listening(signals);
    expect(stop).not.toHaveBeenCalled();
    await scan.cancel();
    await soon(() => expect(stop).toHaveBeenCalledOnce());
  });

  it('end when the watcher ends, and with the process', async () => {
    const signals = signalsOn();
    const scan = await aScan();
    const look = vi.fn();
    const end = signals.onChange(scan.id, look);
    await listening(signals);
    await soon(() => expect(look).toHaveBeenCalled());
    end();
    end();
    look.mockClear();
    await scan.progress();
    await listening(signals);
    expect(look).not.toHaveBeenCalled();

    signals.close();
    signals.close();
    await soon(async () => expect(await listeners()).toEqual([]));
    signals.onChange(scan.id, look);
    expect(await listeners()).toEqual([]);
  });

  it('F24: come within two seconds when the server ends the LISTEN connection, which is made anew', async () => {
    const signals = signalsOn();
    const scan = await aScan();
    const look = vi.fn();
    signals.onChange(scan.id, look);
    await listening(signals);
    const [pid] = await listeners();

    await eye.query('select pg_terminate_backend($1)', [pid]);
    const { length } = look.mock.calls;
    const at = performance.now();
    await scan.progress();
    await soon(() => expect(look.mock.calls.length).toBeGreaterThan(length));
    expect(performance.now() - at).toBeLessThan(2_000);

    await listening(signals);
    expect(await listeners()).toHaveLength(1);
    expect(await listeners()).not.toContain(pid);
  });

  it('F24: come within two seconds when the LISTEN connection is cut silently, which is noticed and mended', async () => {
    const { host, port } = new pg.Client(server.poolConfig);
    const line = await silentLine({ host, port });
    open.push(() => line.close());
    const poolConfig = { ...clientOf(server), host: '127.0.0.1', port: line.port };
    const signals = signalsOn({ poolConfig }, { probeEveryMs: 300, probeTimeoutMs: 300 });
    const scan = await aScan();
    const look = vi.fn();
    signals.onChange(scan.id, look);
    await listening(signals);
    await soon(() => expect(look).toHaveBeenCalled());

    line.cut();
    const { length } = look.mock.calls;
    const at = performance.now();
    await scan.progress();
    await soon(() => expect(look.mock.calls.length).toBeGreaterThan(length));
    expect(performance.now() - at).toBeLessThan(2_000);

    line.mend();
    await listening(signals);
  });
});

/** The parts of its address, apart. */
function clientOf({ poolConfig }: TestDatabase): pg.PoolConfig {
  const { user, password, database: name } = new pg.Client(poolConfig);
  return { user, password: password ?? '', database: name };
}
