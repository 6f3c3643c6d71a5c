import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { launch, startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const PACK = `pack: kept
rules:
  - { id: no-empty, kind: empty-value, treatAsEmpty: [empty], severity: low }
`;

describe('starting and stopping', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  const started: Started[] = [];
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(async () => {
    for (const service of started.splice(0)) await service.stop('SIGKILL');
    await directory.remove();
  });
  async function start(env?: Record<string, string>): Promise<Started> {
    const service = await startService({ dataDir: join(directory.path, 'data'), ...(env && { env }) });
    started.push(service);
    return service;
  }
  async function exitOf(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
    const launched = launch({ dataDir: join(directory.path, 'data'), env });
    const [code] = (await once(launched.process, 'close')) as [number | null];
    return { code, output: launched.output() };
  }

  it('exits 78 on a bad configuration and lists every fault of it', async () => {
    const { code, output } = await exitOf({
      PORT: 'http',
      TAGWARD_READ_ONLY: 'perhaps',
      TAGWARD_DATADIR: '/x',
    });

    expect(code).toBe(78);
    expect(output).toMatch(/PORT: expected a whole number/);
    expect(output).toMatch(/TAGWARD_READ_ONLY: expected true or false/);
    expect(output).toMatch(/TAGWARD_DATADIR: no such variable.*TAGWARD_DATA_DIR/);
  });

  it('refuses a second process on one data directory and names the first, which goes on', async () => {
    const first = await start();

    const { code, output } = await exitOf({});

    expect(code).toBe(1);
    expect(output).toContain(String(first.process.pid));
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
  });

  it('says which address is taken when the port is', async () => {
    const first = await start();
    const second = launch({ dataDir: join(directory.path, 'other'), env: { PORT: new URL(first.url).port } });
    const [code] = (await once(second.process, 'close')) as [number | null];

    expect(code).toBe(1);
    expect(second.output()).toMatch(/PORT/);
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  it('keeps everything over a stop and over a kill -9', async () => {
    let service = await start();
    await new Client(service.url).rest('PUT', '/rule-packs/kept', PACK);
    expect(await service.stop('SIGTERM')).toBe(0);

    service = await start();
    expect((await new Client(service.url).rest('GET', '/rule-packs/kept')).body).toMatchObject({
      version: 1,
    });
    await new Client(service.url).rest('PUT', '/rule-packs/kept', PACK.replace('low', 'high'));
    await service.stop('SIGKILL');

    service = await start();
    expect((await new Client(service.url).rest('GET', '/rule-packs/kept')).body).toMatchObject({
      version: 2,
    });
    expect((await new Client(service.url).rest('GET', '/audit-events/verify')).body).toMatchObject({
      ok: true,
    });
  });

  it('makes a bootstrap token at the first start, prints it once and keeps it for the owner only', async () => {
    const service = await start({ TAGWARD_ADMIN_TOKEN: '' });
    const token = await until(
      async () => /shown this once: (twd_\S+)/.exec(service.output())?.[1] ?? null,
      5_000,
    );
    const path = join(directory.path, 'data', 'admin.token');

    expect((await readFile(path, 'utf8')).trim()).toBe(token);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await new Client(service.url, token).rest('GET', '/me')).body).toMatchObject({
      source: 'BOOTSTRAP',
    });
    await service.stop();

    const again = await start({ TAGWARD_ADMIN_TOKEN: '' });
    expect(again.output()).not.toContain(token);
    expect((await new Client(again.url, token).rest('GET', '/me')).status).toBe(200);
  });

  it('reads a data directory of a foreign kind as what it is, and leaves it alone', async () => {
    const service = await start();
    await service.stop();
    const cluster = join(directory.path, 'data', 'postgres');
    await writeFile(join(cluster, 'PG_VERSION'), '12\n');

    const { code, output } = await exitOf({});

    expect(code).toBe(1);
    expect(output).toMatch(/12/);
    expect(output).not.toMatch(/\n\s+at /);
    expect(await readFile(join(cluster, 'PG_VERSION'), 'utf8')).toBe('12\n');
  });
});
