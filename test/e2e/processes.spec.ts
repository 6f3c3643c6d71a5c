import { once } from 'node:events';
import { realServer, testDatabase, type Ec2Sandbox } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ec2Target, instance, startEc2 } from './support/ec2.js';
import { type Fleet, startFleet } from './support/fleet.js';
import { launch, temporaryDirectory } from './support/service.js';
import { SECRET_KEY } from './support/backends.js';
import { until } from './support/until.js';

const PACK =
  'pack: p\nrules:\n  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low }\n';

describe.for(['PostgreSQL', 'PostgreSQL and Redis'])('two APIs and two workers on %s', (backend) => {
  let sandbox: Ec2Sandbox;
  let fleet: Fleet | null = null;
  const undo: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const redis = backend === 'PostgreSQL' ? null : await realServer('redis', { spec: import.meta.url });
    if (redis === null && backend !== 'PostgreSQL') return;
    const database = await testDatabase();
    sandbox = await startEc2(
      Array.from({ length: 40 }, (_, n) => instance(n, 'eu-west-1', { 'phoenix-id': `${n}` })),
    );
    undo.push(
      () => database.drop(),
      () => sandbox.close(),
    );
    if (redis !== null) undo.push(() => redis.stop());
    fleet = await startFleet({
      apis: 2,
      workers: 2,
      env: {
        DATABASE_URL: database.url,
        TAGWARD_SECRET_KEY: SECRET_KEY,
        TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host,
        ...(redis === null ? {} : { REDIS_URL: redis.url }),
      },
    });
    await fleet.client().rest('PUT', '/rule-packs/p', PACK);
  });
  afterAll(async () => {
    await fleet?.close();
    for (const step of undo.reverse()) await step();
  });
  const running = (): Fleet => {
    if (fleet === null) throw new Error('the fleet did not start');
    return fleet;
  };

  it('share the work of many targets, none scanned twice', async ({ skip }) => {
    if (fleet === null) skip();
    const client = running().client(0);
    const targets = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ec2Target(client, sandbox, { name: `t${n}`, regions: ['eu-west-1'], resourceTypes: ['instance'] }),
      ),
    );
    const before = sandbox.stats.count('DescribeInstances');
    const ended = await Promise.all(targets.map((target) => running().client(1).scan(target)));
    expect(ended.every(({ status, counts }) => status === 'SUCCEEDED' && counts.open === 40)).toBe(true);
    const calls = sandbox.stats.count('DescribeInstances') - before;
    expect(calls).toBe(targets.length);
    for (const worker of running().workers)
      await until(async () => worker.output().includes('a scan ended') || null, 5_000);
  });

  it('cancel within two seconds what another process runs', async ({ skip }) => {
    if (fleet === null) skip();
    const target = await ec2Target(running().client(0), sandbox, { name: 'slow', regions: ['eu-west-1'] });
    sandbox.faults.inject({ kind: 'hang' });
    const { body: scan } = await running().client(0).rest('POST', '/scans', { targetId: target });
    const other = running().client(1);
    await until(
      async () => (await other.rest('GET', `/scans/${scan.id}`)).body.status === 'RUNNING' || null,
      10_000,
    );
    const asked = Date.now();
    await other.rest('POST', `/scans/${scan.id}/cancel`, {});
    const ended = await running().client(0).scanEnd(scan.id);
    sandbox.faults.clear();
    expect(ended.status).toBe('CANCELLED');
    expect(Date.parse(ended.finishedAt) - asked).toBeLessThan(2_500);
  });

  it('run a schedule once each time, and serve what either made', async ({ skip }) => {
    if (fleet === null) skip();
    const [client, other] = [running().client(0), running().client(1)];
    const target = await ec2Target(client, sandbox, { name: 'each minute', regions: ['eu-west-1'] });
    await client.rest('POST', '/schedules', {
      ...{ name: 'each minute', cron: '* * * * *', report: true },
      targetIds: [target],
    });
    const report = await until(async () => {
      const { body } = await other.rest('GET', '/reports');
      return body.items.find(({ status }: { status: string }) => status === 'READY') ?? null;
    }, 90_000);
    await client.rest('POST', '/schedules', {
      ...{ name: 'each minute', cron: '* * * * *', enabled: false },
      targetIds: [target],
    });
    const scans = (await client.rest('GET', `/scans?targetId=${target}`)).body.items;
    const runs = (await client.rest('GET', '/audit-events?first=200')).body.items.filter(
      ({ action }: { action: string }) => action === 'schedule.run',
    );
    const slots = runs.map(({ details }: { details: { slot: string } }) => details.slot);
    expect(new Set(slots).size).toBe(slots.length);
    expect(scans).toHaveLength(slots.length);
    expect(scans[0].trigger).toBe('SCHEDULE');
    for (const { url } of running().apis) {
      const file = await fetch(`${url}/api/v1/reports/${report.id}/files/json`, {
        headers: { authorization: `Bearer ${client.token}` },
      });
      expect(file.status).toBe(200);
    }
  });

  it('go on when a worker stops as it should: its scan is taken over at once', async ({ skip }) => {
    if (fleet === null) skip();
    const client = running().client(0);
    const target = await ec2Target(client, sandbox, {
      ...{ name: 'handed over', regions: ['eu-west-1'], resourceTypes: ['instance'] },
    });
    const hang = sandbox.faults.inject({ kind: 'hang', action: 'DescribeInstances', times: 1 });
    const { body: scan } = await client.rest('POST', '/scans', { targetId: target });
    await until(async () => hang.fired > 0 || null, 10_000);
    const third = await running().addWorker();
    const codes = await Promise.all(
      running()
        .workers.slice(0, 2)
        .map((worker) => worker.stop('SIGTERM')),
    );
    const stopped = Date.now();
    const ended = await client.scanEnd(scan.id);
    expect(codes).toEqual([0, 0]);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', counts: { open: 40 } });
    expect(Date.parse(ended.finishedAt) - stopped).toBeLessThan(5_000);
    expect(third.output()).toContain('a scan ended');
  });
});

describe.for(['api', 'worker'] as const)('the %s alone', (app) => {
  it('wants a PostgreSQL that others reach, and says so', async () => {
    const directory = await temporaryDirectory();
    const { process: child, output } = launch({ dataDir: directory.path }, app);
    const [code] = await once(child, 'exit');
    await directory.remove();
    expect(code).toBe(78);
    expect(output()).toMatch(/DATABASE_URL.*npm start/s);
  });
});
