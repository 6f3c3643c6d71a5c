import { createHash } from 'node:crypto';
import type { Ec2Sandbox } from '#testing';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Reply } from './support/client.js';
import { ec2Target, instance, instanceId, startEc2 } from './support/ec2.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const PACK = `pack: acme
report:
  ownerTag: owner
  owners: [{ repositories: ['${instanceId(3)}'], team: platform }]
rules:
  - { id: spelling, kind: key-spelling, canonical: environment, variants: [enviroment], severity: medium }
  - { id: dead, kind: stale-key, keys: [{ prefix: phoenix- }], severity: low, fix: remove }
`;

/** What people read on Monday: two scans with a change between them, the week's report over the second. */
describe('the hygiene report over a period', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let service: Started;
  let client: Client;
  let target: string, other: string;
  let between: string;
  let report: Reply['body'];
  beforeAll(async () => {
    directory = await temporaryDirectory();
    sandbox = await startEc2([
      instance(1, 'eu-west-1', { owner: 'payments', enviroment: 'production' }),
      instance(2, 'eu-west-1', { owner: 'payments', 'phoenix-team': 'ashes' }),
      instance(3, 'eu-west-1', { enviroment: 'test' }),
      instance(4, 'us-east-1', { environment: 'test' }),
    ]);
    const env = { TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host };
    service = await startService({ dataDir: directory.path, env });
    client = new Client(service.url);
    await client.rest('PUT', '/rule-packs/acme', PACK);
    target = await ec2Target(client, sandbox, { name: 'main', regions: ['eu-west-1'] });
    other = await ec2Target(client, sandbox, { name: 'clean', regions: ['us-east-1'] });
    await client.scan(target);
    await client.scan(other);
    between = new Date().toISOString();
    sandbox.store.put(instance(2, 'eu-west-1', { owner: 'payments' }));
    sandbox.store.put(instance(1, 'eu-west-1', { owner: 'payments', enviroment: 'prod', 'phoenix-id': '7' }));
    await client.rest('PUT', '/rule-packs/acme', PACK.replace('severity: low', 'severity: high'));
    await client.scan(target);
    report = await reportOf(client, { from: between });
  });
  afterAll(async () => {
    await service?.stop();
    await sandbox?.close();
    await directory.remove();
  });

  async function reportOf(by: Client, input: object): Promise<Reply['body']> {
    const { body: asked } = await by.rest('POST', '/reports', input);
    const made = await until(async () => {
      const { body } = await by.rest('GET', `/reports/${asked.id}`);
      return body.status === 'READY' || body.status === 'FAILED' ? body : null;
    }, 60_000);
    expect(made).toMatchObject({ status: 'READY', error: null });
    return made;
  }
  const urlOf = (format: string): string =>
    report.files.find((file: { format: string }) => file.format === format).url;
  const download = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${client.token}`, ...headers } });
  async function narrowed(targetIds: string[]): Promise<Client> {
    const name = `narrow ${targetIds.join()}`;
    const { body } = await client.rest('POST', '/api-tokens', { name, scopes: ['SCAN'], targetIds });
    return new Client(service.url, body.token);
  }

  it('tells what is new, fixed and open, of whom, and what changed in the packs', async () => {
    const document = await (await download(urlOf('JSON'))).json();
    const counts = { open: 3, new: 1, resolved: 1, suppressed: 0 };
    expect(document.totals).toEqual({ ...counts, flapping: 0, fixable: expect.any(Number) });
    expect(
      Object.fromEntries(report.totals.map((one: Reply['body']) => [one.name, one.count])),
    ).toMatchObject(counts);
    expect(document.byTeam).toEqual([
      { team: 'payments', open: 2, new: 1, resolved: 1, suppressed: 0 },
      { team: 'platform', open: 1, new: 0, resolved: 0, suppressed: 0 },
    ]);
    expect(document.targets).toMatchObject([
      { name: 'clean', open: 0, score: 100, scoreBefore: 100, lastScan: { status: 'SUCCEEDED' } },
      { name: 'main', open: 3, new: 1, resolved: 1, tags: 5 },
    ]);
    // Before: two of severity medium and one low among five tags. After: one high takes the place of the low one.
    expect(document.targets[1].scoreBefore).toBeCloseTo(100 * (1 - 0.7 / 5), 5);
    expect(document.targets[1].score).toBeCloseTo(100 * (1 - 1.3 / 5), 5);
    expect([document.scoreBefore, document.score]).toEqual([
      expect.closeTo(100 * (1 - 0.7 / 6), 5),
      expect.closeTo(100 * (1 - 1.3 / 6), 5),
    ]);
    expect(report.score).toBe(document.score);
    expect(document.oldest).toHaveLength(3);
    expect(document.packChanges).toMatchObject([
      { name: 'acme', fromVersion: 1, toVersion: 2, added: [], removed: [], by: 'bootstrap' },
    ]);
    expect(document.byRule.map((rule: Reply['body']) => [rule.ruleId, rule.severity, rule.open])).toEqual([
      ['spelling', 'MEDIUM', 2],
      ['dead', 'HIGH', 1],
    ]);
  });

  it('has the same rows in every file', async () => {
    const json = await (await download(urlOf('JSON'))).json();
    const csv = parse(await (await download(urlOf('CSV'))).text(), { columns: true, bom: true });
    const html = await (await download(urlOf('HTML'))).text();
    const rows = json.findings.map((row: Reply['body']) => `${row.id} ${row.state}`);
    expect(rows).toHaveLength(4);
    expect(csv.map((row: Reply['body']) => `${row.id} ${row.state}`)).toEqual(rows);
    for (const { id } of json.findings) expect(html).toContain(`f-${id}`);
  });

  it('is files that never change, in whole and in parts', async () => {
    const { format, sha256, bytes } = report.files.find((file: Reply['body']) => file.format === 'CSV');
    const whole = await download(urlOf(format));
    const content = Buffer.from(await whole.arrayBuffer());
    const today = between.slice(0, 10);
    expect([content.byteLength, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
    expect(whole.headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="tagward-hygiene-${today}(-to-[\\d-]+)?\\.csv"$`),
    );
    const etag = whole.headers.get('etag') ?? '';
    expect((await download(urlOf(format), { 'if-none-match': etag })).status).toBe(304);
    const part = await download(urlOf(format), { range: 'bytes=10-19', 'if-range': etag });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${bytes}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(10, 20))).toBe(true);
  });

  it('is a link away for those without a token, for a while, and only that file', async () => {
    const { signReportFile } = await client.data(
      'mutation ($id: ID!) { signReportFile(id: $id, format: CSV, expiresInSeconds: 3600) { url expiresAt } }',
      { id: report.id },
    );
    const { url } = signReportFile;
    const reply = await fetch(url);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect(await reply.text()).toBe(await (await download(urlOf('CSV'))).text());

    const brief = await client.rest('POST', `/reports/${report.id}/files/csv/link`, { expiresInSeconds: 1 });
    const gone = await until(async () => {
      const late = await fetch(brief.body.url);
      return late.status === 200 ? null : late;
    }, 10_000);
    expect([gone.status, await gone.json()]).toEqual([
      401,
      expect.objectContaining({ reason: 'LINK_EXPIRED', code: 'UNAUTHENTICATED' }),
    ]);
    const again = await reportOf(client, { from: between, formats: ['CSV'] });
    for (const changed of [
      url.replace('/csv?', '/json?'),
      url.replace(report.id, again.id),
      url.replace(/expires=\d+/, (text: string) => `${text}0`),
      url.replace(/signature=./, 'signature=_-'),
    ])
      expect((await fetch(changed)).status, changed).toBe(401);
    const signature = new URL(url).searchParams.get('signature') ?? 'none';
    expect(service.output()).not.toContain(signature);
    const { body } = await client.rest('GET', `/audit-events?subject=report:${report.id}`);
    expect(body.items.map(({ action }: { action: string }) => action)).toContain('report.sign-file');
    expect(JSON.stringify(body)).not.toContain(signature);
  });

  it('has its numbers for portals, too, on both faces', async () => {
    const period = { from: between };
    const query = `query ($from: DateTime) {
      target: findingStats(groupBy: TARGET, from: $from) { group open new resolved score }
      team: findingStats(groupBy: TEAM, from: $from) { group open new resolved score }
      severity: findingStats(groupBy: SEVERITY, filter: { teams: ["payments"] }) { group open new resolved }
      scoreHistory { score open }
    }`;
    const data = await client.data(query, period);
    expect(data.target).toEqual([
      { group: 'main', open: 3, new: 1, resolved: 1, score: expect.closeTo(74, 5) },
      { group: 'clean', open: 0, new: 0, resolved: 0, score: 100 },
    ]);
    expect(data.team).toEqual([
      { group: 'payments', open: 2, new: 1, resolved: 1, score: null },
      { group: 'platform', open: 1, new: 0, resolved: 0, score: null },
    ]);
    expect(data.severity).toEqual([
      { group: 'HIGH', open: 1, new: 1, resolved: 0 },
      { group: 'MEDIUM', open: 1, new: 1, resolved: 0 },
      { group: 'LOW', open: 0, new: 1, resolved: 1 },
    ]);
    expect(data.scoreHistory.at(-1)).toEqual({ score: expect.closeTo(100 * (1 - 1.3 / 6), 5), open: 3 });

    const rest = await client.rest('GET', `/findings/stats?groupBy=TARGET&from=${between}`);
    expect(rest.body.stats).toEqual(data.target);
    const scores = await client.rest('GET', `/scores?targetId=${target}`);
    expect(scores.body.points.at(-1)).toMatchObject({ score: expect.closeTo(74, 5), open: 3 });
  });

  it('shows a narrowed token its own targets, and no more', async () => {
    const narrow = await narrowed([other]);
    const { body: stats } = await narrow.rest('GET', '/findings/stats?groupBy=TARGET');
    expect(stats.stats.map(({ group }: { group: string }) => group)).toEqual(['clean']);
    expect((await narrow.rest('GET', '/scores')).body.points.at(-1)).toMatchObject({ score: 100, open: 0 });
    expect((await narrow.rest('GET', `/scores?targetId=${target}`)).status).toBe(404);
    expect((await narrow.rest('POST', `/reports/${report.id}/files/csv/link`, {})).status).toBe(404);
    const own = await reportOf(narrow, { formats: ['JSON'] });
    expect((await narrow.rest('POST', `/reports/${own.id}/files/json/link`, {})).status).toBe(200);
  });

  it('asks back when a period cannot be meant', async () => {
    const long = await client.rest('GET', '/scores?from=2020-01-01T00:00:00Z');
    expect([long.status, long.body.faults]).toEqual([
      400,
      [{ path: 'from', message: 'expected a time at most 400 days before `to`' }],
    ]);
    expect((await client.rest('GET', '/findings/stats?groupBy=COLOUR')).status).toBe(400);
    expect((await client.rest('GET', '/findings/stats')).body.faults).toMatchObject([{ path: 'groupBy' }]);
  });
});
