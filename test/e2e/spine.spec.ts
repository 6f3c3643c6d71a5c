import type { Ec2Sandbox } from '#testing';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.js';
import { Client, type Reply } from './support/client.js';
import { ACCOUNT, ec2Target, instance, instanceId, startEc2 } from './support/ec2.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const PACK = `pack: acme
rules:
  - id: environment-key
    kind: key-spelling
    canonical: environment
    variants: [enviroment]
    severity: medium
    fix: { rename: { onConflict: report } }
  - { id: no-empty, kind: empty-value, treatAsEmpty: [empty], severity: low, fix: remove }
  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low, fix: remove }
`;
const FINDINGS = `query ($filter: FindingFilter, $first: Int, $after: String) {
  findings(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id ruleId rulePack state severity resource tag value scope timesReopened fixable blocked
      target { name } suppression { reason by } } }
  }
}`;

interface FindingNode {
  id: string;
  ruleId: string;
  state: string;
  resource: string;
  tag: string;
  timesReopened: number;
}

describe.for(Object.keys(BACKENDS))('the spine on %s', (backendName) => {
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
      instance(2, 'eu-west-1', { Name: '', environment: 'test', enviroment: 'production' }),
      instance(3, 'us-east-1', { Name: 'db', 'phoenix-team': 'ashes' }),
      instance(4, 'us-east-1', {}),
      {
        resourceType: 'volume',
        id: 'vol-00000000000000001',
        region: 'us-east-1',
        tags: { enviroment: 'test' },
      },
    ]);
    const env = { ...backend.env, TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host };
    service = await startService({ dataDir: directory.path, env });
    client = new Client(service.url);
    target = await ec2Target(client, sandbox, { name: 'acme', regions: ['eu-west-1', 'us-east-1'] });
    const stored = await client.rest('PUT', '/rule-packs/acme', PACK);
    expect(stored.body).toMatchObject({ rulePack: { version: 1 }, diagnostics: [] });
  });
  afterAll(async () => {
    await service?.stop();
    await sandbox?.close();
    await backend?.close();
    await directory.remove();
  });
  const open = async (): Promise<FindingNode[]> => {
    const { findings } = await client.data(FINDINGS, {
      filter: { targetIds: [target], states: ['OPEN'] },
      first: 200,
    });
    return findings.edges.map(({ node }: { node: FindingNode }) => node);
  };
  const keysOf = (nodes: readonly FindingNode[]) =>
    nodes.map(({ ruleId, resource, tag }) => `${ruleId} ${resource} ${tag}`).sort();
  const faultsAtFirst = [
    `dead ${instanceId(3)} phoenix-team`,
    `environment-key ${instanceId(1)} enviroment`,
    `environment-key ${instanceId(2)} enviroment`,
    'environment-key vol-00000000000000001 enviroment',
    `no-empty ${instanceId(2)} Name`,
  ].sort();

  it('scans through the API and the queue to findings', async ({ skip }) => {
    if (backend === null) skip();
    const scan = await client.scan(target);

    expect(scan).toMatchObject({
      status: 'SUCCEEDED',
      resources: 5,
      errors: [],
      counts: { open: 5, new: 5, resolved: 0 },
    });
    expect(scan.progress.done).toBe(scan.progress.total);
    const nodes = await open();
    expect(keysOf(nodes)).toEqual(faultsAtFirst);
    expect(
      nodes.find(({ resource, tag }) => resource === instanceId(2) && tag === 'enviroment'),
    ).toMatchObject({
      fixable: true,
      blocked: true,
      scope: `${ACCOUNT}/eu-west-1`,
    });
    const shown = await client.data(
      'query ($id: ID!) { target(id: $id) { openFindings hygieneScore lastScan { id status } } }',
      {
        id: target,
      },
    );
    expect(shown.target).toMatchObject({ openFindings: 5, lastScan: { id: scan.id, status: 'SUCCEEDED' } });
    // Five of eight tags are at fault: 3 x 0.3 + 2 x 0.1.
    expect(shown.target.hygieneScore).toBeCloseTo(100 * (1 - 1.1 / 8), 5);
  });

  it('shows the inventory, tagged or not', async ({ skip }) => {
    if (backend === null) skip();
    const { resources, tags } = await client.data(`{
      resources(filter: { tagged: false }) { totalCount edges { node { resource resourceType tags { name } } } }
      tags(filter: { name: "enviroment" }) { totalCount edges { node { resource value target { name } } } }
    }`);

    expect(resources.edges).toEqual([
      { node: { resource: instanceId(4), resourceType: 'instance', tags: [] } },
    ]);
    expect(tags.totalCount).toBe(3);
    expect(tags.edges[0].node.target.name).toBe('acme');
  });

  it('gives both faces the same findings, page by page', async ({ skip }) => {
    if (backend === null) skip();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const reply: Reply['body'] = await client.data(FINDINGS, { first: 2, after });
      seen.push(...reply.findings.edges.map(({ node }: { node: FindingNode }) => node.id));
      after = reply.findings.pageInfo.hasNextPage ? reply.findings.pageInfo.endCursor : null;
    } while (after !== null);
    const rest = await client.rest('GET', '/findings?first=200&total=true');

    expect(seen).toEqual(rest.body.items.map(({ id }: { id: string }) => id));
    expect(rest.body.total).toBe(seen.length);
  });

  it('resolves what was mended, opens what is new, and knows what came back', async ({ skip }) => {
    if (backend === null) skip();
    const before = await open();
    sandbox.store.put(instance(1, 'eu-west-1', { Name: 'web', environment: 'production' }));
    sandbox.store.put(instance(4, 'us-east-1', { 'phoenix-owner': 'x' }));
    expect(await client.scan(target)).toMatchObject({
      status: 'SUCCEEDED',
      counts: { open: 5, new: 1, resolved: 1 },
    });

    sandbox.store.put(instance(1, 'eu-west-1', { Name: 'web', enviroment: 'staging' }));
    sandbox.store.put(instance(4, 'us-east-1', {}));
    expect(await client.scan(target)).toMatchObject({ counts: { open: 5, new: 1, resolved: 1 } });

    const after = await open();
    expect(keysOf(after)).toEqual(faultsAtFirst);
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(after.find(({ resource }) => resource === instanceId(1))).toMatchObject({
      timesReopened: 1,
      value: 'staging',
    });
  });

  it('leaves the findings of an unread region as they were, and ends PARTIAL', async ({ skip }) => {
    if (backend === null) skip();
    const before = await open();
    const fault = sandbox.faults.inject({ kind: 'deny', region: 'us-east-1' });
    sandbox.store.put(instance(2, 'eu-west-1', { Name: 'mended', environment: 'test' }));
    const scan = await client.scan(target);
    sandbox.faults.clear();

    expect(fault.fired).toBeGreaterThan(0);
    expect(scan.status).toBe('PARTIAL');
    expect(scan.errors.every(({ scope }: { scope: string }) => scope.endsWith('us-east-1'))).toBe(true);
    expect(scan.errors[0].message).toMatch(/ec2:Describe/);
    const gone = before.filter(({ resource }) => resource === instanceId(2)).map(({ id }) => id);
    expect((await open()).map(({ id }) => id).sort()).toEqual(
      before
        .map(({ id }) => id)
        .filter((id) => !gone.includes(id))
        .sort(),
    );

    sandbox.store.put(instance(2, 'eu-west-1', { Name: '', environment: 'test', enviroment: 'production' }));
    expect(await client.scan(target)).toMatchObject({ status: 'SUCCEEDED', counts: { open: 5 } });
  });

  it('scans only the resources it is asked for', async ({ skip }) => {
    if (backend === null) skip();
    sandbox.store.put(instance(3, 'us-east-1', { Name: 'db' }));
    sandbox.store.put(instance(1, 'eu-west-1', { Name: 'web' }));
    const scan = await client.scan(target, { resources: [instanceId(3)] });

    expect(scan).toMatchObject({
      status: 'SUCCEEDED',
      resources: 1,
      scopes: [instanceId(3)],
      counts: { resolved: 1 },
    });
    expect(keysOf(await open())).toEqual(faultsAtFirst.filter((key) => !key.includes(instanceId(3))));
    sandbox.store.put(instance(3, 'us-east-1', { Name: 'db', 'phoenix-team': 'ashes' }));
    sandbox.store.put(instance(1, 'eu-west-1', { Name: 'web', enviroment: 'production' }));
    await client.scan(target);
  });

  it('suppresses with a reason, keeps that over scans, and takes it back', async ({ skip }) => {
    if (backend === null) skip();
    const [finding] = await open();
    const path = `/findings/${finding?.id}/suppression`;
    const suppressed = await client.rest('PUT', path, { reason: 'owned by another team' });
    expect(suppressed.body).toMatchObject({
      state: 'SUPPRESSED',
      suppression: { reason: 'owned by another team', by: 'bootstrap' },
    });

    await client.scan(target);
    expect((await client.rest('GET', `/findings/${finding?.id}`)).body.state).toBe('SUPPRESSED');
    expect(await open()).toHaveLength(4);

    await client.rest('DELETE', path);
    expect(await open()).toHaveLength(5);
  });

  it('cancels a running scan within two seconds and can scan again', async ({ skip }) => {
    if (backend === null) skip();
    sandbox.faults.inject({ kind: 'hang' });
    const { body: started } = await client.rest('POST', '/scans', { targetId: target });
    await until(
      async () =>
        (await client.rest('GET', `/scans/${started.id}`)).body.status === 'RUNNING' ? true : null,
      10_000,
    );
    const asked = Date.now();
    await client.rest('POST', `/scans/${started.id}/cancel`, {});
    const ended = await client.scanEnd(started.id);
    sandbox.faults.clear();

    expect(ended.status).toBe('CANCELLED');
    expect(Date.parse(ended.finishedAt) - asked).toBeLessThan(2_500);
    expect(await client.scan(target)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('queues one scan however many are asked for at once', async ({ skip }) => {
    if (backend === null) skip();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => client.rest('POST', '/scans', { targetId: target })),
    );
    const ids = new Set(replies.map(({ body }) => body.id as string));

    expect(replies.every(({ status }) => status === 202)).toBe(true);
    expect(ids.size).toBeLessThanOrEqual(3);
    for (const id of ids) expect((await client.scanEnd(id)).status).toBe('SUCCEEDED');
  });

  it('answers an idempotency key with the first scan, and refuses it for another request', async ({
    skip,
  }) => {
    if (backend === null) skip();
    const once = { 'idempotency-key': 'deploy-4711' };
    const first = await client.rest('POST', '/scans', { targetId: target }, once);
    await client.scanEnd(first.body.id);
    const again = await client.rest('POST', '/scans', { targetId: target }, once);
    const other = await client.rest('POST', '/scans', { targetId: target, resources: ['i-1'] }, once);

    expect(again.body.id).toBe(first.body.id);
    expect(other.body).toMatchObject({ code: 'CONFLICT' });
  });

  it('makes a report with the same rows in every file', async ({ skip }) => {
    if (backend === null) skip();
    const { body: asked } = await client.rest('POST', '/reports', {});
    const report = await until(async () => {
      const { body } = await client.rest('GET', `/reports/${asked.id}`);
      return body.status === 'READY' || body.status === 'FAILED' ? body : null;
    }, 30_000);
    expect(report).toMatchObject({ status: 'READY', error: null });
    const file = async (format: string): Promise<string> => {
      const { url } = report.files.find((candidate: { format: string }) => candidate.format === format);
      const response = await fetch(url, { headers: { authorization: `Bearer ${client.token}` } });
      expect(response.headers.get('content-disposition')).toContain('attachment');
      return response.text();
    };
    const json = JSON.parse(await file('JSON'));
    const csv = parse(await file('CSV'), { columns: true, bom: true });
    const html = await file('HTML');

    const rows = json.findings.map((row: FindingNode) => `${row.resource} ${row.tag}`).sort();
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(csv.map((row: Reply['body']) => `${row.resource} ${row.tag}`).sort()).toEqual(rows);
    for (const { resource } of json.findings) expect(html).toContain(resource);
    expect(json.auditHead).toMatch(/^[0-9a-f]{64}$/);
  });

  it('resolves the findings of a retired pack, with that reason', async ({ skip }) => {
    if (backend === null) skip();
    const [finding] = await open();
    expect((await client.rest('DELETE', '/rule-packs/acme')).status).toBe(204);
    await client.scan(target);

    expect(await open()).toEqual([]);
    const { body } = await client.rest('GET', `/findings/${finding?.id}`);
    expect(body).toMatchObject({ state: 'RESOLVED', evidence: { resolvedBecause: expect.any(String) } });
    expect((await client.rest('PUT', '/rule-packs/acme', PACK)).body.rulePack.version).toBe(2);
  });

  it('keeps a conflict between two packs open over a scan that runs only one of them', async ({ skip }) => {
    if (backend === null) skip();
    const rival =
      'pack: rival\nrules:\n  - { id: gone, kind: stale-key, keys: [{ exact: enviroment }], severity: low, fix: remove }\n';
    await client.rest('PUT', '/rule-packs/rival', rival);
    await client.scan(target);
    const conflicts = async () => (await open()).filter(({ ruleId }) => ruleId === 'rule-conflict').length;
    const before = await conflicts();
    expect(before).toBeGreaterThan(0);

    await client.scan(target, { rulePacks: ['acme'] });
    expect(await conflicts()).toBe(before);

    await client.rest('DELETE', '/rule-packs/rival');
    await client.scan(target);
    expect(await conflicts()).toBe(0);
  });

  it('has every change in an audit log that verifies', async ({ skip }) => {
    if (backend === null) skip();
    const events: { action: string }[] = (await client.rest('GET', '/audit-events?first=200')).body.items;
    const actions = new Set(events.map(({ action }) => action));

    for (const action of [
      'target.create',
      'credential.create',
      'rule-pack.put',
      'scan.start',
      'scan.finish',
      'scan.cancel',
    ]) {
      expect(actions).toContain(action);
    }
    const { body } = await client.rest('GET', '/audit-events/verify');
    expect(body).toMatchObject({ ok: true, brokenAt: null, events: events.length });
  });
});
