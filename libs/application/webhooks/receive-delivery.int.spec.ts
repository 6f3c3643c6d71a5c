import { startHookReceiver } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecoverWork } from '../scans/recover-work.js';
import { fromGitHub, WebhookPlace, withToken } from './webhooks.fixture.js';

const DAY_MS = 86_400_000;
const PUSH = { ref: 'refs/tags/v1', repository: { full_name: 'octo/site' } };
const pushTo = (full_name: string) => ({ repository: { full_name } });
const pushed = (...repositories: string[]) => ({
  events: repositories.map((repository) => ({
    id: crypto.randomUUID(),
    action: 'push',
    target: { repository },
  })),
});

let place: WebhookPlace;
beforeAll(async () => {
  place = await WebhookPlace.start();
});
afterAll(() => place.close());

const gitTarget = (repository = 'octo/site') =>
  place.target('git', { url: `https://forge.test/${repository}.git` });
const scanOf = async (id: string | undefined) => place.database.stores.scans.find(id ?? '');

async function audited(subject: string): Promise<string[]> {
  const { edges } = await place.database.readModels.auditEvents({ subject }, { first: 200, after: null });
  return edges.map(({ node }) => node.action);
}

describe('a delivery', () => {
  it('asks for a scan of just what it names, and is logged', async () => {
    const target = await gitTarget('Octo/Site');
    const hook = await place.webhook('GITHUB', [target]);
    const { scanIds } = await place.receiver().execute(fromGitHub(hook, 'push', PUSH));
    expect(await scanOf(scanIds[0])).toMatchObject({
      targetId: target,
      trigger: 'WEBHOOK',
      scopes: ['Octo/Site'],
    });
    expect(await place.log(hook.id)).toMatchObject([
      { event: 'push', status: 'ACCEPTED', attempts: 1, responseCode: 202, error: null, scanIds },
    ]);
    expect(await place.database.stores.webhooks.find(hook.id)).toMatchObject({ lastDeliveryAt: place.now });
    expect(place.queued).toContain(target);
  });

  it('A10, W5: of which fifty copies come at once is one, in two processes', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const processes = [place.receiver(), place.receiver()];
    const delivery = fromGitHub(hook, 'push', PUSH, 'same');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => processes[n % 2]?.execute(delivery) ?? expect.fail()),
    );
    expect(new Set(answers.map(({ scanIds }) => scanIds.join())).size).toBe(1);
    expect(answers[0]?.scanIds).toHaveLength(1);
    expect(await place.log(hook.id)).toMatchObject([{ attempts: 50, scanIds: answers[0]?.scanIds }]);
  });

  it('W6: replayed a year later with another id is at most one more scan, and nothing of it becomes a fact', async () => {
    const target = await gitTarget();
    const hook = await place.webhook('GITHUB', [target]);
    const captured = fromGitHub(hook, 'push', PUSH, 'first');
    const before = await place.receiver().execute(captured);
    place.now = new Date(place.now.getTime() + 365 * DAY_MS);
    const replayed = { ...captured, headers: { ...captured.headers, 'x-github-delivery': ['second'] } };
    expect(await place.receiver().execute(replayed)).toEqual(before);
    const { edges } = await place.database.readModels.tags(
      { targetIds: [target] },
      { first: 1, after: null },
      null,
    );
    expect(edges).toEqual([]);
  });

  it('W19: of a repository that is none of its targets is ignored', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    expect(await place.receiver().execute(fromGitHub(hook, 'push', pushTo('octo/other')))).toEqual({
      scanIds: [],
    });
    const registry = await place.target('registry', {
      ...{ url: 'https://registry.test', repositories: ['team/*', 'solo'] },
      exclude: ['team/secret'],
    });
    const images = await place.webhook('DISTRIBUTION', [registry]);
    const send = (...names: string[]) => place.receiver().execute(withToken(images, pushed(...names)));
    expect(await send('other/app', 'team/secret')).toEqual({ scanIds: [] });
    const { scanIds } = await send('team/app', 'team/secret', 'solo');
    expect(await scanOf(scanIds[0])).toMatchObject({ scopes: ['solo', 'team/app'] });
    expect(await place.log(images.id)).toMatchObject([
      { status: 'ACCEPTED' },
      { status: 'IGNORED', responseCode: 202, error: 'none of its targets holds other/app, team/secret' },
    ]);
  });

  it('W21: gives addresses that nobody asks', async () => {
    const inside = await startHookReceiver();
    const address = `${inside.url}/v2/team/app/manifests/v1`;
    const registry = await place.target('registry', { url: 'https://registry.test' });
    const [images, harbor] = [
      await place.webhook('DISTRIBUTION', [registry]),
      await place.webhook('HARBOR', [registry]),
    ];
    const target = { repository: 'team/app', url: address };
    const request = { addr: inside.host, host: inside.host };
    const event = { id: crypto.randomUUID(), action: 'push', target, request, source: { addr: inside.host } };
    const resources = [{ digest: 'sha256:aa', tag: 'v1', resource_url: address }];
    const event_data = { resources, repository: { repo_full_name: 'team/app' } };
    const sent = [
      withToken(images, { events: [event] }),
      withToken(harbor, { type: 'PUSH_ARTIFACT', event_data }),
    ];
    for (const delivery of sent) expect((await place.receiver().execute(delivery)).scanIds).toHaveLength(1);
    expect(inside.received).toEqual([]);
    await inside.close();
  });

  it('names instances where they are', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/reader';
    const target = await place.target('ec2', { regions: ['eu-west-1'], roleArn });
    const hook = await place.webhook('EVENTBRIDGE', [target]);
    const event = (region: string, account: string) => ({
      ...{
        id: crypto.randomUUID(),
        source: 'aws.ec2',
        'detail-type': 'EC2 Instance State-change Notification',
      },
      ...{ region, account, detail: { 'instance-id': 'i-0abcd1234abcd1234' } },
    });
    const send = async (region: string, account: string) =>
      (await place.receiver().execute(withToken(hook, event(region, account)))).scanIds;
    expect(await send('us-east-1', '123456789012')).toEqual([]);
    expect(await send('eu-west-1', '210987654321')).toEqual([]);
    const [scan] = await send('eu-west-1', '123456789012');
    expect(await scanOf(scan)).toMatchObject({ scopes: ['i-0abcd1234abcd1234'] });
  });

  it('W22, W20: a burst of thousands is one waiting scan beside the one that runs, and no repository is lost', async () => {
    const target = await place.target('registry', { url: 'https://registry.test' });
    const hook = await place.webhook('DISTRIBUTION', [target]);
    const receiver = place.receiver();
    await receiver.execute(withToken(hook, pushed('app-first')));
    expect(await place.database.stores.scans.claim(target, 'worker')).not.toBeNull();
    const names = Array.from({ length: 2_000 }, (_, n) => `app-${n % 500}`);
    const answers = [];
    for (let from = 0; from < names.length; from += 500) {
      place.now = new Date(place.now.getTime() + 1_000);
      answers.push(
        ...(await Promise.all(
          names.slice(from, from + 500).map((name) => receiver.execute(withToken(hook, pushed(name)))),
        )),
      );
    }
    const ids = new Set(answers.flatMap(({ scanIds }) => scanIds));
    expect(ids.size).toBe(1);
    expect((await scanOf([...ids][0]))?.scopes?.toSorted()).toEqual([...new Set(names)].sort());
    const { edges } = await place.database.readModels.scans(
      { targetId: target },
      { first: 10, after: null },
      null,
    );
    expect(edges.map(({ node }) => node.status).sort()).toEqual(['QUEUED', 'RUNNING']);
    const { totalCount } = await place.database.readModels.webhookDeliveries(hook.id, {
      first: 1,
      after: null,
    });
    expect(await totalCount()).toBe(2_001);
  });

  it('W22: too many a second are told when to come again; another webhook is not', async () => {
    const target = await gitTarget();
    const [noisy, calm] = [await place.webhook('GITHUB', [target]), await place.webhook('GITHUB', [target])];
    const receiver = place.receiver();
    const ping = () => receiver.execute(fromGitHub(noisy, 'ping', {}));
    const outcomes = await Promise.allSettled(Array.from({ length: 1_100 }, ping));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(100);
    expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } });
    await expect(receiver.execute(fromGitHub(calm, 'ping', {}))).resolves.toEqual({ scanIds: [] });
    place.now = new Date(place.now.getTime() + 1_000);
    await expect(ping()).resolves.toEqual({ scanIds: [] });
  });

  it('is answered when it is a ping, and refused when it cannot be read: both are in the log', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    expect(await place.receiver().execute(fromGitHub(hook, 'ping', { zen: 'x' }))).toEqual({ scanIds: [] });
    const broken = place.receiver().execute(fromGitHub(hook, 'push', '{"a":'));
    await expect(broken).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await place.log(hook.id)).toMatchObject([
      {
        status: 'REFUSED',
        responseCode: 400,
        event: 'unreadable',
        error: expect.stringContaining('not JSON'),
      },
      { status: 'PING', responseCode: 202, event: 'ping' },
    ]);
  });
});

describe('proof', () => {
  const refused = { code: 'SIGNATURE_INVALID' };

  it('W1: what is not signed is not even parsed, and leaves neither delivery nor scan', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const { headers, ...unsigned } = fromGitHub(hook, 'push', '{ not json');
    const delivery = { ...unsigned, headers: { 'x-github-event': headers['x-github-event'] } };
    await expect(place.receiver().execute(delivery)).rejects.toMatchObject(refused);
    expect(await place.log(hook.id)).toEqual([]);
  });

  it('W10: the secret of another webhook, and an address that never was, are refused in the same words', async () => {
    const target = await gitTarget();
    const [mine, theirs] = [await place.webhook('GITHUB', [target]), await place.webhook('GITHUB', [target])];
    const crossed = fromGitHub({ id: mine.id, secret: theirs.secret }, 'push', PUSH);
    const messages = await Promise.all(
      [crossed, { ...crossed, webhookId: 'nobody' }, { ...crossed, webhookId: '\u0000' }].map((delivery) =>
        place
          .receiver()
          .execute(delivery)
          .catch((error: Error) => error.message),
      ),
    );
    expect(new Set(messages).size).toBe(1);
  });

  it('counts refusals, and says so in the audit log once a minute at most', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const receivers = [place.receiver(), place.receiver()];
    const flood = async () => {
      const delivery = fromGitHub({ ...hook, secret: 'wrong' }, 'push', PUSH);
      await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) => (receivers[n % 2] ?? expect.fail()).execute(delivery)),
      );
      await Promise.all(receivers.map((receiver) => receiver.settled()));
    };
    await flood();
    place.now = new Date(place.now.getTime() + 59_000);
    await flood();
    const webhook = await place.database.stores.webhooks.find(hook.id);
    expect(webhook?.refusedDeliveries).toBe(80);
    expect(await audited(`webhook:${hook.id}`)).toEqual(['webhook.refuse', 'webhook.create']);
    place.now = new Date(place.now.getTime() + 2_000);
    await flood();
    expect(await audited(`webhook:${hook.id}`)).toEqual([
      'webhook.refuse',
      'webhook.refuse',
      'webhook.create',
    ]);
  });

  it('the old secret is taken for a day after a rotation, and the one before it no more', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const first = await place.rotate(hook.id);
    const send = (secret: string) =>
      place.receiver().execute(fromGitHub({ id: hook.id, secret }, 'ping', {}));
    await expect(send(hook.secret)).resolves.toBeDefined();
    await expect(send(first.secret)).resolves.toBeDefined();
    const second = await place.rotate(hook.id);
    await expect(send(hook.secret)).rejects.toMatchObject(refused);
    await expect(send(first.secret)).resolves.toBeDefined();
    place.now = new Date(place.now.getTime() + DAY_MS);
    await expect(send(first.secret)).rejects.toMatchObject(refused);
    await expect(send(second.secret)).resolves.toBeDefined();
    expect(await audited(`webhook:${hook.id}`)).toContain('webhook.rotate');
  });

  it('a secret lies in the database sealed for its own row', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const stored = (await place.database.stores.webhooks.receivers([hook.id])).get(hook.id);
    expect(JSON.stringify(stored)).not.toContain(hook.secret);
  });
});

describe('what goes away', () => {
  it('a target that is removed is gone from its webhooks', async () => {
    const [stays, goes] = [await gitTarget(), await gitTarget()];
    const hook = await place.webhook('GITHUB', [goes, stays]);
    await place.database.stores.targets.remove(goes);
    expect(await place.database.stores.webhooks.find(hook.id)).toMatchObject({ targetIds: [stays] });
    expect((await place.receiver().execute(fromGitHub(hook, 'push', PUSH))).scanIds).toHaveLength(1);
  });

  it('a webhook that is removed answers like one that never was', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    const receiver = place.receiver();
    await receiver.execute(fromGitHub(hook, 'push', PUSH));
    expect(await place.database.stores.webhooks.remove(hook.id)).toBe(true);
    await expect(receiver.execute(fromGitHub(hook, 'push', PUSH))).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
    expect(await place.log(hook.id)).toEqual([]);
  });

  it('deliveries are forgotten after the days they are kept', async () => {
    const hook = await place.webhook('GITHUB', [await gitTarget()]);
    await place.receiver().execute(fromGitHub(hook, 'ping', {}));
    const queue = { enqueue: async () => {} };
    const recoverAt = (days: number) =>
      new RecoverWork({
        ...{
          database: place.database,
          scanQueue: queue,
          laneQueue: queue,
          reportQueue: queue,
          deliveryQueue: queue,
          logger: { debug() {}, info() {}, warn() {}, error() {} },
          detailsKeptMs: 30 * DAY_MS,
        },
        clock: { now: () => new Date(place.now.getTime() + days * DAY_MS) },
      }).execute();
    await recoverAt(29);
    expect(await place.log(hook.id)).toHaveLength(1);
    await recoverAt(31);
    expect(await place.log(hook.id)).toEqual([]);
  });
});

describe('making webhooks', () => {
  it.each([
    ['short', 'GITHUB', { secret: 'x1-short' }],
    ['a pattern', 'GITHUB', { secret: 'a'.repeat(40) }],
    ['long', 'GITHUB', { secret: 'abcdefgh'.repeat(9) }],
    ['no Standard Webhooks secret', 'GENERIC', { secret: 'abcdefgh'.repeat(4) }],
    ['of too few bytes', 'GENERIC', { secret: `whsec_${Buffer.from('0123456789').toString('base64')}` }],
    [
      'where there is none',
      'SNS',
      { secret: 'abcdefgh'.repeat(4), topicArn: 'arn:aws:sns:eu-west-1:123456789012:a' },
    ],
    ['without a topic', 'SNS', {}],
    ['a topic of nobody', 'GITHUB', { topicArn: 'arn:aws:sns:eu-west-1:123456789012:a' }],
  ] as const)('refuses a secret or a topic: %s', async (_why, kind, more) => {
    const target = await gitTarget();
    await expect(place.webhook(kind, [target], more)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('keeps the secret that is given, lists by name, and names each once', async () => {
    const target = await gitTarget();
    const secret = 'chosen-by-the-operator-0123';
    const name = `!first ${crypto.randomUUID()}`;
    expect(await place.webhook('GITHUB', [target, target], { secret, name })).toMatchObject({ secret });
    await expect(place.webhook('GITLAB', [target], { name })).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await expect(place.webhook('GITLAB', ['nowhere'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { edges } = await place.database.readModels.webhooks({ first: 1, after: null });
    expect(edges[0]?.node).toMatchObject({ name, targetIds: [target] });
    const topicArn = 'arn:aws:sns:eu-west-1:123456789012:images';
    expect(await place.webhook('SNS', [target], { topicArn })).toMatchObject({ secret: '' });
  });

  it('gives the first pages of many logs as one by one', async () => {
    const target = await gitTarget();
    const hooks = [await place.webhook('GITHUB', [target]), await place.webhook('GITHUB', [target])];
    for (const hook of [hooks[0], hooks[0], hooks[0], hooks[1]])
      if (hook !== undefined) await place.receiver().execute(fromGitHub(hook, 'ping', {}));
    const { readModels } = place.database;
    const pages = await readModels.latestDeliveries(
      hooks.map(({ id }) => id),
      2,
    );
    for (const { id } of hooks) {
      const [page, single] = [
        pages.get(id),
        await readModels.webhookDeliveries(id, { first: 2, after: null }),
      ];
      expect(page?.edges).toEqual(single.edges);
      expect([page?.hasNextPage, await page?.totalCount()]).toEqual([
        single.hasNextPage,
        await single.totalCount(),
      ]);
    }
    const after = pages.get(hooks[0]?.id ?? '')?.edges.at(-1)?.cursor ?? '';
    expect((await readModels.webhookDeliveries(hooks[0]?.id ?? '', { first: 2, after })).edges).toHaveLength(
      1,
    );
  });
});
