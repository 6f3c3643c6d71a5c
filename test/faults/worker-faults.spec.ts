import { realServer, startFaultProxy, testDatabase, type Ec2Sandbox, type FaultProxy } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRET_KEY } from '../e2e/support/backends.js';
import { ec2Target, instance, instanceId, startEc2 } from '../e2e/support/ec2.js';
import { type Fleet, startFleet } from '../e2e/support/fleet.js';
import { until } from '../e2e/support/until.js';

const PACK =
  'pack: p\nrules:\n  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low }\n';
const RESOURCES = 30;
/** Locks, stale owners and the look for them, with room for a busy machine. */
const TAKEN_OVER_WITHIN_MS = 120_000;

describe.for(['PostgreSQL', 'PostgreSQL and Redis'])('a worker that is lost, on %s', (backend) => {
  let sandbox: Ec2Sandbox;
  let fleet: Fleet;
  let proxy: FaultProxy;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let redis: Awaited<ReturnType<typeof realServer>> = null;

  beforeEach(async ({ skip }) => {
    redis = backend === 'PostgreSQL' ? null : await realServer('redis', { spec: import.meta.url });
    if (redis === null && backend !== 'PostgreSQL') skip();
    database = await testDatabase();
    proxy = await startFaultProxy({ path: socketOf(database.url) });
    sandbox = await startEc2(
      Array.from({ length: RESOURCES }, (_, n) =>
        instance(n, n % 2 === 0 ? 'eu-west-1' : 'us-east-1', { 'phoenix-id': `${n}` }),
      ),
    );
    const env = {
      DATABASE_URL: database.url,
      TAGWARD_SECRET_KEY: SECRET_KEY,
      TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host,
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
    };
    fleet = await startFleet({ apis: 1, workers: 0, env });
    // The first worker reaches PostgreSQL through the proxy, so that it alone can be cut off.
    await fleet.addWorker({ DATABASE_URL: throughProxy(database.url, proxy.port) });
    await fleet.client().rest('PUT', '/rule-packs/p', PACK);
  });
  afterEach(async () => {
    await fleet?.close();
    await sandbox?.close();
    await proxy?.close();
    await redis?.stop();
    await database?.drop();
  });

  /** A scan in the hands of the first worker, which has read one region and waits for the other. */
  async function runningScan(): Promise<{ target: string; scan: string }> {
    const client = fleet.client();
    const target = await ec2Target(client, sandbox, {
      ...{ name: 'lost', regions: ['eu-west-1', 'us-east-1'], resourceTypes: ['instance'] },
    });
    sandbox.faults.inject({ kind: 'hang', region: 'us-east-1', action: 'DescribeInstances' });
    const { body } = await client.rest('POST', '/scans', { targetId: target });
    await until(async () => {
      const { body: scan } = await client.rest('GET', `/scans/${body.id}`);
      return scan.status === 'RUNNING' && scan.resources > 0 ? true : null;
    }, 20_000);
    return { target, scan: body.id };
  }

  async function expectWholeOnce(target: string, scan: string): Promise<void> {
    const client = fleet.client();
    const ended = await until(async () => {
      const { body } = await client.rest('GET', `/scans/${scan}`);
      return ['QUEUED', 'RUNNING'].includes(body.status) ? null : body;
    }, TAKEN_OVER_WITHIN_MS);
    expect(ended).toMatchObject({
      ...{ status: 'SUCCEEDED', resources: RESOURCES },
      counts: { open: RESOURCES, new: RESOURCES, resolved: 0 },
    });
    const found = await client.rest('GET', `/findings?targetIds=${target}&first=200&total=true`);
    expect(found.body.total).toBe(RESOURCES);
    expect(new Set(found.body.items.map(({ resource }: { resource: string }) => resource))).toEqual(
      new Set(Array.from({ length: RESOURCES }, (_, n) => instanceId(n))),
    );
    expect((await client.rest('GET', '/audit-events/verify')).body.ok).toBe(true);
  }

  const endings = async (scan: string): Promise<number> =>
    (await fleet.client().rest('GET', '/audit-events?first=200')).body.items.filter(
      ({ action, details }: { action: string; details: { scanId?: string } }) =>
        action === 'scan.finish' && details.scanId === scan,
    ).length;

  it('I4: killed, its scan is finished by another one', async () => {
    const { target, scan } = await runningScan();
    await fleet.workers[0]?.stop('SIGKILL');
    sandbox.faults.clear();
    await fleet.addWorker();
    await expectWholeOnce(target, scan);
    expect(await endings(scan)).toBe(1);
  });

  it('F10: frozen and thawed, it writes nothing of a scan that another one took over', async () => {
    const { target, scan } = await runningScan();
    const frozen = fleet.workers[0];
    frozen?.process.kill('SIGSTOP');
    sandbox.faults.clear();
    await fleet.addWorker();
    await expectWholeOnce(target, scan);
    frozen?.process.kill('SIGCONT');
    const later = await fleet.client().scan(target);
    expect(later).toMatchObject({ status: 'SUCCEEDED', counts: { open: RESOURCES, new: 0, resolved: 0 } });
    await until(async () => frozen?.output().includes('lost to another worker') || null, 30_000);
    expect(await endings(scan)).toBe(1);
    await expectWholeOnce(target, scan);
  });

  it('cut off from PostgreSQL, its scan is finished by another one, and it works again once healed', async () => {
    const { target, scan } = await runningScan();
    proxy.blackhole();
    sandbox.faults.clear();
    await fleet.addWorker();
    await expectWholeOnce(target, scan);
    expect(proxy.swallowed).toBeGreaterThan(0);
    proxy.heal();
    await fleet.workers[1]?.stop('SIGTERM');
    const later = await fleet.client().scan(target);
    expect(later).toMatchObject({ status: 'SUCCEEDED', counts: { open: RESOURCES, new: 0 } });
    expect(await endings(scan)).toBe(1);
  });
});

function socketOf(url: string): string {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?')));
  return `${parameters.get('host')}/.s.PGSQL.${parameters.get('port')}`;
}

/** The same database by TCP. */
function throughProxy(url: string, port: number): string {
  return url.replace(/@\/([^?]*)\?.*$/, `@127.0.0.1:${port}/$1`);
}
