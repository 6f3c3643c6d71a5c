import { XMLParser } from 'fast-xml-parser';
import pg from 'pg';
import type { Log } from 'sarif';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ec2Sandbox } from '#testing';
import { BACKENDS, type BackendUnderTest } from './support/backends.js';
import { Client } from './support/client.js';
import { startDeployment } from './support/deployment.js';
import { ec2Target, instance, startEc2 } from './support/ec2.js';
import { follow, readEvents } from './support/live.js';
import { ADMIN_TOKEN, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const PACK = `pack: acme
rules:
  - id: environment-key
    kind: key-spelling
    canonical: environment
    variants: [enviroment]
    severity: high
    fix: { rename: { onConflict: report } }
  - { id: no-empty, kind: empty-value, treatAsEmpty: [empty], severity: low, fix: remove }
  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low, fix: remove }
`;
const HOSTILE = 'a <b> & "c" \u0001 ]]> {0} [x](http://evil.test)';

describe.for(Object.keys(BACKENDS))('a scan live on %s', (backendName) => {
  let backend: BackendUnderTest | null;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let service: Started;
  let client: Client;
  let target: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    backend = (await BACKENDS[backendName]?.()) ?? null;
    if (backend === null) return;
    sandbox = await startEc2([
      instance(1, 'eu-west-1', { Name: 'web', enviroment: 'production' }),
      instance(2, 'eu-west-1', { Name: HOSTILE, enviroment: HOSTILE }),
      instance(3, 'us-east-1', { Name: '', 'phoenix-team': 'ashes' }),
    ]);
    const env = { TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host };
    service = await startDeployment({ backend, dataDir: directory.path, env });
    client = new Client(service.url);
    target = await ec2Target(client, sandbox, { name: 'acme', regions: ['eu-west-1', 'us-east-1'] });
    await client.rest('PUT', '/rule-packs/acme', PACK);
  });
  afterEach(() => sandbox?.faults.clear());
  afterAll(async () => {
    await service?.stop();
    await sandbox?.close();
    await backend?.close();
    await directory.remove();
  });

  /** A scan that does not end by itself. */
  async function hangingScan(): Promise<string> {
    sandbox.faults.inject({ kind: 'hang' });
    const { body } = await client.rest('POST', '/scans', { targetId: target });
    await until(
      async () => ((await client.rest('GET', `/scans/${body.id}`)).body.status === 'RUNNING' ? true : null),
      20_000,
    );
    return body.id;
  }
  const raw = async (path: string) => {
    const reply = await fetch(`${service.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    return { status: reply.status, text: await reply.text() };
  };

  it('tells a subscriber and a stream of its progress to its end', async ({ skip }) => {
    if (backend === null) skip();
    sandbox.faults.inject({ kind: 'slow', ms: 300 });
    const { body } = await client.rest('POST', '/scans', { targetId: target });
    const [told, events] = await Promise.all([
      follow(service.url, body.id).ended,
      readEvents(service.url, body.id),
    ]);

    expect(told[0]?.status).toMatch(/QUEUED|RUNNING/);
    expect(told.at(-1)?.status).toBe('SUCCEEDED');
    expect(told.length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({
      event: 'done',
      data: { status: 'SUCCEEDED', counts: { open: 4 } },
    });
    expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
  });

  it('is waited for', async ({ skip }) => {
    if (backend === null) skip();
    const reply = await client.rest('POST', '/scans?wait=60', { targetId: target });
    expect([reply.status, reply.body.status]).toEqual([200, 'SUCCEEDED']);

    const id = await hangingScan();
    const early = await client.rest('GET', `/scans/${id}?wait=1`);
    expect(early.body).toMatchObject({ id, status: 'RUNNING' });
    await client.rest('POST', `/scans/${id}/cancel`, {});
    await client.scanEnd(id);
  });

  it('ends within two seconds when it is cancelled, and who watches it knows', async ({ skip }) => {
    if (backend === null) skip();
    for (let round = 0; round < 3; round++) {
      const id = await hangingScan();
      const watched = follow(service.url, id);
      await until(async () => (watched.told.length > 0 ? true : null), 5_000);
      const at = performance.now();
      await client.rest('POST', `/scans/${id}/cancel`, {});
      const told = await watched.ended;
      expect(performance.now() - at).toBeLessThan(2_000);
      expect(told.at(-1)?.status).toBe('CANCELLED');
    }
  });

  it('F24: ends within two seconds though the connections that tell of it were cut', async ({ skip }) => {
    const url = backend?.env['DATABASE_URL'];
    if (url === undefined) skip();
    const id = await hangingScan();
    const watched = follow(service.url, id);
    await until(async () => (watched.told.length > 0 ? true : null), 5_000);
    const database = new pg.Client(url);
    await database.connect();
    const { rowCount } = await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'tagward signals'`,
    );
    await database.end();
    expect(rowCount).toBe(2);
    const at = performance.now();
    await client.rest('POST', `/scans/${id}/cancel`, {});
    expect((await watched.ended).at(-1)?.status).toBe('CANCELLED');
    expect(performance.now() - at).toBeLessThan(2_500);
    await until(async () => (service.output().includes('is there again') ? true : null), 10_000);
  });

  it('Q11: is told no more to a token that was revoked', async ({ skip }) => {
    if (backend === null) skip();
    const made = await client.rest('POST', '/api-tokens', { name: `live-${backendName}`, scopes: ['READ'] });
    const id = await hangingScan();
    const watched = follow(service.url, id, made.body.token);
    await until(async () => (watched.told.length > 0 ? true : null), 5_000);
    const at = performance.now();
    await client.rest('DELETE', `/api-tokens/${made.body.apiToken.id}`);
    expect(await watched.closed).toMatchObject({
      code: 4401,
      reason: expect.stringContaining('TOKEN_UNKNOWN'),
    });
    expect(performance.now() - at).toBeLessThan(7_000);
    await client.rest('POST', `/scans/${id}/cancel`, {});
    await client.scanEnd(id);
  });

  it('leaves SARIF and JUnit of what it found', async ({ skip }) => {
    if (backend === null) skip();
    const scan = (await client.rest('POST', '/scans?wait=60', { targetId: target })).body;
    const sarif = JSON.parse((await raw(`/scans/${scan.id}/findings?format=sarif`)).text) as Log;
    const results = sarif.runs[0]?.results ?? [];
    expect(results.map(({ ruleId }) => ruleId).sort()).toEqual([
      'acme/dead',
      'acme/environment-key',
      'acme/environment-key',
      'acme/no-empty',
    ]);
    expect(results.find(({ properties }) => properties?.['value'] === HOSTILE)).toBeDefined();
    expect(sarif.runs[0]?.tool.driver.rules?.map(({ id }) => id)).toEqual([
      'acme/environment-key',
      'acme/no-empty',
      'acme/dead',
    ]);
    const again = (await client.rest('POST', '/scans?wait=60', { targetId: target })).body;
    const second = JSON.parse((await raw(`/scans/${again.id}/findings`)).text) as Log;
    const prints = (log: Log) => log.runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(second)).toEqual(prints(sarif));

    const { text } = await raw(`/scans/${again.id}/findings?format=junit&failOn=HIGH`);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    expect((parser.parse(text) as { testsuites: { testsuite: unknown } }).testsuites.testsuite).toMatchObject(
      [
        { name: 'tagward.scan', tests: '1', errors: '0' },
        { name: 'acme/environment-key', tests: '2', failures: '2' },
        { name: 'acme/no-empty', tests: '1', failures: '0' },
        { name: 'acme/dead', tests: '1', failures: '0' },
      ],
    );
  });

  it('tells watchers to come back when the service stops, and stops at once', async ({ skip }) => {
    if (backend === null) skip();
    const id = await hangingScan();
    expect((await raw(`/scans/${id}/findings`)).status).toBe(409);
    const watched = follow(service.url, id);
    const events = readEvents(service.url, id);
    await until(async () => (watched.told.length > 0 ? true : null), 5_000);
    const at = performance.now();
    expect(await service.stop()).toBe(0);
    expect(await watched.closed).toMatchObject({ code: 1001 });
    expect((await events).every(({ event }) => event === 'progress')).toBe(true);
    expect(performance.now() - at).toBeLessThan(10_000);
  });
});
