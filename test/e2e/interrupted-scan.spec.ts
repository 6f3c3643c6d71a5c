import type { Ec2Sandbox } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from './support/client.js';
import { ec2Target, instance, instanceId, startEc2 } from './support/ec2.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const PACK =
  'pack: p\nrules:\n  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low }\n';

describe('a scan that was interrupted', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let service: Started;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    sandbox = await startEc2(
      Array.from({ length: 30 }, (_, n) =>
        instance(n, n % 2 === 0 ? 'eu-west-1' : 'us-east-1', { 'phoenix-id': `${n}` }),
      ),
    );
    await start();
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    await sandbox.close();
    await directory.remove();
  });
  async function start(): Promise<Client> {
    const env = { TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host };
    service = await startService({ dataDir: directory.path, env });
    return new Client(service.url);
  }
  /** A scan that has read one region and waits for the other. */
  async function runningScan(): Promise<{ client: Client; target: string; scan: string }> {
    const client = new Client(service.url);
    await client.rest('PUT', '/rule-packs/p', PACK);
    const target = await ec2Target(client, sandbox, {
      name: 'interrupted',
      regions: ['eu-west-1', 'us-east-1'],
      resourceTypes: ['instance'],
    });
    sandbox.faults.inject({ kind: 'hang', region: 'us-east-1', action: 'DescribeInstances' });
    const { body } = await client.rest('POST', '/scans', { targetId: target });
    await until(async () => {
      const { body: scan } = await client.rest('GET', `/scans/${body.id}`);
      return scan.status === 'RUNNING' && scan.resources > 0 ? true : null;
    }, 20_000);
    return { client, target, scan: body.id };
  }

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s is finished after the next start, nothing lost or doubled',
    async (signal) => {
      const { target, scan } = await runningScan();
      const code = await service.stop(signal);
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
      sandbox.faults.clear();

      const client = await start();
      const ended = await client.scanEnd(scan);

      expect(ended).toMatchObject({ status: 'SUCCEEDED', resources: 30, counts: { open: 30, resolved: 0 } });
      const found = await client.rest('GET', `/findings?targetIds=${target}&first=200&total=true`);
      expect(found.body.total).toBe(30);
      expect(new Set(found.body.items.map(({ resource }: { resource: string }) => resource))).toEqual(
        new Set(Array.from({ length: 30 }, (_, n) => instanceId(n))),
      );
      expect((await client.rest('GET', '/audit-events/verify')).body.ok).toBe(true);
    },
  );

  it('by removing its target ends without a trace', async () => {
    const { client, target, scan } = await runningScan();

    expect((await client.rest('DELETE', `/targets/${target}`)).status).toBe(204);

    expect((await client.rest('GET', `/scans/${scan}`)).status).toBe(404);
    expect((await client.rest('GET', `/findings?total=true`)).body.total).toBe(0);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });
});
