import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  startHookReceiver,
  startMailServer,
  type Ec2Sandbox,
  type HookReceiver,
  type MailServer,
  type ReceivedHook,
} from '#testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.js';
import { Client } from './support/client.js';
import { ec2Target, instance, startEc2 } from './support/ec2.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const SECRET = `whsec_${Buffer.from('canary-signing-secret-0123456789').toString('base64')}`;
const LOGIN = { user: 'tagward', password: 'canary+smtp/password' };
const ALL_EVENTS = ['SCAN_DONE', 'SCAN_FAILED', 'SCORE_FALLEN', 'REPORT_READY'];
const packOf = (key: string) =>
  `pack: p\nrules:\n  - { id: dead, kind: stale-key, keys: [{ exact: ${key} }], severity: high }\n`;

const UPSERT = `mutation ($input: NotificationChannelInput!) {
  upsertNotificationChannel(input: $input) { id name kind events enabled address }
}`;
const LOG = `{
  notificationChannels {
    id name enabled
    deliveries(first: 20) { totalCount edges { node { id event status attempts responseCode error scanIds } } }
  }
}`;

/** What a receiver that checks signatures makes of it. */
const verified = (hook: ReceivedHook | undefined) =>
  new Webhook(SECRET).verify(hook?.body ?? '', hook?.headers as Record<string, string>) as {
    type: string;
    data: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- plain JSON
  };

describe.each(Object.entries(BACKENDS))('notifications, %s', (_name, startBackend) => {
  let backend: BackendUnderTest | null = null;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let hooks: HookReceiver;
  let slack: HookReceiver;
  let mail: MailServer;
  let service: Started;
  let client: Client;
  let target: string;
  beforeAll(async () => {
    backend = await startBackend();
    if (backend === null) return;
    directory = await temporaryDirectory();
    sandbox = await startEc2(
      Array.from({ length: 10 }, (_, n) => instance(n, 'eu-west-1', { Name: `${n}`, team: 'a' })),
    );
    [hooks, slack] = [await startHookReceiver(), await startHookReceiver()];
    mail = await startMailServer({ login: LOGIN });
    await writeFile(join(directory.path, 'ca.pem'), mail.certificate);
    await start();
    await client.rest('PUT', '/rule-packs/p', packOf('nothing'));
    target = await ec2Target(client, sandbox, {
      ...{ name: 'prod <account> & co', regions: ['eu-west-1'], resourceTypes: ['instance'] },
    });
  });
  afterAll(async () => {
    await service?.stop();
    await Promise.all([sandbox?.close(), hooks?.close(), slack?.close(), mail?.close()]);
    await backend?.close();
    await directory?.remove();
  });

  async function start(): Promise<void> {
    service = await startService({
      dataDir: directory.path,
      env: {
        ...backend?.env,
        TAGWARD_OUTBOUND_ALLOW: [new URL(sandbox.endpoint).host, hooks.host, slack.host].join(','),
        TAGWARD_SMTP_URL: `smtp://${LOGIN.user}:${encodeURIComponent(LOGIN.password)}@127.0.0.1:${mail.port}`,
        TAGWARD_SMTP_FROM: 'tagward@tags.example.test',
        NODE_EXTRA_CA_CERTS: join(directory.path, 'ca.pem'),
        TAGWARD_LOG_LEVEL: 'debug',
      },
    });
    client = new Client(service.url);
  }
  const channel = async (input: object) => {
    const { upsertNotificationChannel: made } = await client.data(UPSERT, { input });
    return made;
  };
  const logOf = async (name: string) => {
    const { notificationChannels: all } = await client.data(LOG);
    const { deliveries } = all.find((one: { name: string }) => one.name === name);
    return deliveries.edges.map(({ node }: { node: object }) => node);
  };
  const webhookNews = (type: string) =>
    until(async () => hooks.received.map(verified).find((news) => news.type === type) ?? null, 20_000);
  const slackNews = (part: string) =>
    until(async () => {
      const found = slack.received.find(({ body }) => body.includes(part));
      return found === undefined ? null : JSON.parse(found.body);
    }, 20_000);
  const mailAbout = (subject: string) =>
    until(async () => mail.mails.find(({ raw }) => raw.includes(`Subject: ${subject}`)) ?? null, 20_000);

  it('go to a webhook, to Slack and by e-mail: scans, a score that fell, a report', async () => {
    if (backend === null) return;
    await channel({
      name: 'hook',
      kind: 'WEBHOOK',
      events: ALL_EVENTS,
      address: `${hooks.url}/in`,
      secret: SECRET,
    });
    const shown = await channel({
      ...{
        name: 'slack',
        kind: 'SLACK',
        events: ALL_EVENTS,
        address: `${slack.url}/services/T0/canary-slack`,
      },
    });
    expect(shown.address).toBe(`${slack.url}/…`);
    await channel({ name: 'mail', kind: 'EMAIL', events: ALL_EVENTS, address: 'team@example.test' });

    const done = await client.scan(target);
    expect(done.status).toBe('SUCCEEDED');
    expect(await webhookNews('scan.done')).toMatchObject({
      data: {
        target: { id: target, name: 'prod <account> & co', platform: 'ec2' },
        scan: { id: done.id, status: 'SUCCEEDED', open: 0, new: 0, resolved: 0 },
        score: 100,
        url: `${service.url}/api/v1/scans/${done.id}`,
      },
    });
    expect((await slackNews('is done')).text).toContain('*Scan of prod &lt;account&gt; &amp; co is done');
    expect(await mailAbout('Scan of prod <account> & co is done')).toMatchObject({
      ...{ from: 'tagward@tags.example.test', to: ['team@example.test'], encrypted: true, user: 'tagward' },
    });

    await client.rest('PUT', '/rule-packs/p', packOf('team'));
    const worse = await client.scan(target);
    expect(await webhookNews('score.fallen')).toMatchObject({
      data: { scan: { id: worse.id, open: 10, new: 10 }, previousScore: 100, score: expect.closeTo(65) },
    });
    await slackNews('fell from 100.0 to 65.0');
    await mailAbout('Hygiene score of prod <account> & co fell from 100.0 to 65.0');

    sandbox.faults.inject({ kind: 'deny' });
    const failed = await client.scan(target);
    sandbox.faults.clear();
    expect(failed.status).toBe('FAILED');
    const { data } = await webhookNews('scan.failed');
    expect(data['scan']).toMatchObject({ id: failed.id, errors: failed.errors.length });
    await slackNews(' failed*');
    await mailAbout('Scan of prod <account> & co failed');

    const { body: report } = await client.rest('POST', '/reports', {});
    expect(await webhookNews('report.ready')).toMatchObject({
      data: {
        report: { id: report.id, score: expect.closeTo(65) },
        url: `${service.url}/api/v1/reports/${report.id}`,
      },
    });
    await slackNews('Hygiene report');
    await mailAbout('Hygiene report');

    const log = await until(async () => {
      const lines = await logOf('hook');
      return lines.every(({ status }: { status: string }) => status === 'DELIVERED') ? lines : null;
    }, 10_000);
    expect(log.map(({ event, responseCode }: Record<string, unknown>) => [event, responseCode])).toEqual([
      ['REPORT_READY', 204],
      ['SCAN_FAILED', 204],
      ['SCORE_FALLEN', 204],
      ['SCAN_DONE', 204],
      ['SCAN_DONE', 204],
    ]);
    expect(log[1].scanIds).toEqual([failed.id]);
    const ids = hooks.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(5);
  });

  it('are tried again under the same id, listed over REST, and sent again when asked', async () => {
    if (backend === null) return;
    const { id } = await channel({
      ...{ name: 'hook', kind: 'WEBHOOK', events: ['SCAN_DONE'], address: `${hooks.url}/again` },
    });
    const seen = () => hooks.received.filter(({ path }) => path === '/again');
    hooks.answer = (hook) => ({ status: hook.path === '/again' && seen().length === 1 ? 500 : 200 });
    await client.scan(target);
    await until(async () => (seen().length === 2 ? true : null), 30_000);
    const delivery = seen()[0]?.headers['webhook-id'];
    expect(seen()[1]?.headers['webhook-id']).toBe(delivery);
    for (const hook of seen()) expect(verified(hook).type).toBe('scan.done');
    const line = await until(async () => {
      const { body } = await client.rest('GET', `/notification-channels/${id}/deliveries?first=1`);
      return body.items[0].status === 'DELIVERED' ? body.items[0] : null;
    }, 10_000);
    expect(line).toMatchObject({ id: delivery, attempts: 2, responseCode: 200, error: null });

    const again = await client.rest('POST', `/deliveries/${line.id}/redeliver`, {});
    expect([again.status, again.body.id]).toEqual([202, line.id]);
    await until(async () => (seen().length === 3 ? true : null), 20_000);
    expect(seen()[2]?.headers['webhook-id']).toBe(delivery);
    hooks.answer = () => ({});
  });

  it('end with 410: the channel is switched off, and the audit log says so', async () => {
    if (backend === null) return;
    slack.answer = () => ({ status: 410 });
    await client.scan(target);
    const off = await until(async () => {
      const { body } = await client.rest('GET', '/notification-channels');
      const found = body.items.find(({ name }: { name: string }) => name === 'slack');
      return found.enabled ? null : found;
    }, 20_000);
    slack.answer = () => ({});
    expect((await logOf('slack'))[0]).toMatchObject({ status: 'FAILED', responseCode: 410 });
    const { body } = await client.rest('GET', `/audit-events?subject=notification-channel:${off.id}`);
    expect(body.items[0]).toMatchObject({ action: 'notification-channel.disable', actor: 'system' });
  });

  it('survive kill -9: what was in hand and what waited behind it is sent after the next start', async () => {
    if (backend === null) return;
    await channel({ name: 'hook', kind: 'WEBHOOK', events: ['SCAN_DONE'], address: `${hooks.url}/killed` });
    hooks.answer = () => ({ hang: true });
    const scans = [await client.scan(target), await client.scan(target)];
    const seen = () => hooks.received.filter(({ path }) => path === '/killed');
    await until(async () => (seen().length === 1 ? true : null), 20_000);
    await service.stop('SIGKILL');
    hooks.answer = () => ({});

    await start();
    const told = await until(async () => {
      const ids = new Set(seen().map((hook) => verified(hook).data['scan'].id));
      const lines = await logOf('hook');
      const done = lines.slice(0, 2).every(({ status }: { status: string }) => status === 'DELIVERED');
      return ids.size === 2 && done ? ids : null;
    }, 90_000);
    expect(told).toEqual(new Set(scans.map(({ id }) => id)));
    expect(new Set(seen().map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it('S1: leave no secret in answers or the log; what may not be reached is refused', async () => {
    if (backend === null) return;
    const refused = await client.rest('POST', '/notification-channels', {
      ...{ name: 'x', kind: 'WEBHOOK', events: [], address: 'http://10.1.2.3/canary-path', secret: SECRET },
    });
    expect(refused.body).toMatchObject({ status: 400, reason: 'ADDRESS_REFUSED' });
    const answers = [refused.body, await client.data(LOG), (await client.rest('GET', '/audit-events')).body];
    for (const canary of ['canary', SECRET, encodeURIComponent(LOGIN.password)]) {
      expect(JSON.stringify(answers)).not.toContain(canary);
      expect(service.output()).not.toContain(canary);
    }
  });
});
