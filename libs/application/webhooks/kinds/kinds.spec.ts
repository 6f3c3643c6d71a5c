import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookKind } from '../../records/webhook.js';
import type { DeliveryHeaders } from '../delivery-request.js';
import { Hmac } from '../signatures/hmac.js';
import { checkStandardHeaders } from '../signatures/standard-webhooks.js';
import { WEBHOOK_KIND_SPECS } from './catalog.js';

const NOW = new Date('2026-05-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const STANDARD = `whsec_${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`;
const PLAIN = 'kept-between-the-forge-and-us-1';

function headersOf(headers: Record<string, string | string[]>): DeliveryHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
}

async function authentic(
  kind: WebhookKind,
  headers: Record<string, string | string[]>,
  body: string | Buffer,
  secrets: readonly string[] = [kind === 'GENERIC' ? STANDARD : PLAIN],
): Promise<boolean> {
  const request = { webhookId: 'w', headers: headersOf(headers), body: Buffer.from(body) };
  return WEBHOOK_KIND_SPECS[kind].authenticate(request, {
    ...{ secrets, topicArn: null, now: NOW, hmac: new Hmac() },
    certificates: { certificate: () => Promise.reject(new Error('nothing is fetched')) },
  });
}

function parsed(kind: WebhookKind, body: unknown, headers: Record<string, string> = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return WEBHOOK_KIND_SPECS[kind].parse({ headers: headersOf(headers), body: bytes });
}
const namesIn = (kind: WebhookKind, body: unknown, headers: Record<string, string> = {}) => {
  const { content } = parsed(kind, body, headers);
  return content.type === 'resources' ? content.resources.map(({ names }) => names) : content.type;
};

const hub = (body: string | Buffer, secret = PLAIN) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('GitHub', () => {
  const body = '{"zen":"caf\u00e9 \u{1f433}",\r\n "n": 1}';
  const good = hub(body);

  it('W4: takes the raw bytes, emoji and CRLF and all, and nothing that only means the same', async () => {
    expect(await authentic('GITHUB', { 'x-hub-signature-256': good }, body)).toBe(true);
    expect(
      await authentic('GITHUB', { 'x-hub-signature-256': good.toUpperCase().replace('SHA', 'sha') }, body),
    ).toBe(true);
    for (const other of [JSON.stringify(JSON.parse(body)), body.replace('\u00e9', '\\u00e9'), `${body} `])
      expect(await authentic('GITHUB', { 'x-hub-signature-256': good }, other)).toBe(false);
  });

  it('agrees with the example that GitHub publishes', async () => {
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const secret = "It's a Secret to Everybody";
    expect(await authentic('GITHUB', { 'x-hub-signature-256': header }, 'Hello, World!', [secret])).toBe(
      true,
    );
  });

  it.each([
    ['W1: none', {}],
    ['W2: 63 digits', { 'x-hub-signature-256': good.slice(0, -1) }],
    ['W2: 65 digits', { 'x-hub-signature-256': `${good}0` }],
    ['W2: no digits', { 'x-hub-signature-256': 'sha256=' }],
    ['W2: empty', { 'x-hub-signature-256': '' }],
    ['W2: no hexadecimal', { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }],
    ['W2: two headers', { 'x-hub-signature-256': [good, good] }],
    ['W2: two in one', { 'x-hub-signature-256': `${good}, ${good}` }],
    ['W3: only SHA-1', { 'x-hub-signature': `sha1=${createHmac('sha1', PLAIN).update(body).digest('hex')}` }],
    ['W10: of another webhook', { 'x-hub-signature-256': hub(body, 'the-secret-of-another-tenant') }],
  ])('refuses a signature: %s', async (_why, headers) => {
    expect(await authentic('GITHUB', headers as Record<string, string>, body)).toBe(false);
  });

  it('takes the secret before the last, too, while it is among the secrets', async () => {
    expect(await authentic('GITHUB', { 'x-hub-signature-256': good }, body, ['a-new-one', PLAIN])).toBe(true);
  });

  const repository = { full_name: 'octo/Site', clone_url: 'https://forge.test/octo/Site.git' };
  it.each([
    ['push', { ref: 'refs/tags/v1', repository }],
    ['push', { ref: 'refs/heads/main', repository }],
    ['create', { ref: 'v1', ref_type: 'tag', repository }],
    ['delete', { ref: 'v1', ref_type: 'tag', repository }],
    ['release', { action: 'published', repository }],
  ])('%s is about its repository', (event, body) => {
    expect(namesIn('GITHUB', body, { 'x-github-event': event })).toEqual([['octo/Site']]);
  });

  it('a package is about its image on ghcr.io', () => {
    const about = {
      name: 'Api',
      ecosystem: 'CONTAINER',
      package_type: 'CONTAINER',
      owner: { login: 'Octo' },
    };
    const version = { package_version: { package_url: 'ghcr.io/octo/api:1.2' } };
    const event = (name: string) => ({ 'x-github-event': name });
    expect(namesIn('GITHUB', { package: about }, event('package'))).toEqual([['octo/api']]);
    expect(
      namesIn('GITHUB', { registry_package: { ...about, ...version } }, event('registry_package')),
    ).toEqual([['octo/api']]);
    const odd = {
      registry_package: { ...about, ...version, name: 'site-npm', package_type: 'npm', ecosystem: 'docker' },
    };
    expect(namesIn('GITHUB', odd, event('registry_package'))).toEqual([['octo/site-npm', 'octo/api']]);
    expect(
      namesIn('GITHUB', { package: { ...about, ecosystem: 'npm', package_type: 'npm' } }, event('package')),
    ).toBe('other');
  });

  it('ping is a ping, an issue is nothing; forms carry the JSON in a field', () => {
    const ping = parsed('GITHUB', { zen: 'x' }, { 'x-github-event': 'ping', 'x-github-delivery': 'd-1' });
    expect(ping).toEqual({ event: 'ping', deliveryId: 'd-1', content: { type: 'ping' } });
    expect(namesIn('GITHUB', { repository }, { 'x-github-event': 'issues' })).toBe('other');
    const form = `payload=${encodeURIComponent(JSON.stringify({ repository }))}`;
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'x-github-event': 'push' };
    expect(namesIn('GITHUB', form, type)).toEqual([['octo/Site']]);
  });
});

function standardHeaders(body: string, { id = 'msg_1', at = SECONDS, secret = STANDARD } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at * 1_000), body),
  };
}

describe('Standard Webhooks', () => {
  const body = '{"type":"images.pushed","data":{"resources":["library/app","library/web"]}}';

  it('A9: agrees with the reference implementation, within five minutes', async () => {
    for (const at of [SECONDS - 300, SECONDS, SECONDS + 300])
      expect(await authentic('GENERIC', standardHeaders(body, { at }), body)).toBe(true);
  });

  it.each([
    ['-301 s', String(SECONDS - 301)],
    ['+301 s', String(SECONDS + 301)],
    ['NaN', 'NaN'],
    ['1e9', '1e9'],
    ['13 digits', String(NOW.getTime())],
    ['a fraction', `${SECONDS}.0`],
  ])('W7: refuses a timestamp: %s', async (_why, timestamp) => {
    const mac = createHmac('sha256', Buffer.from(STANDARD.slice(6), 'base64'));
    const signature = `v1,${mac.update(`msg_1.${timestamp}.${body}`).digest('base64')}`;
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    expect(await authentic('GENERIC', headers, body)).toBe(false);
  });

  it('W7: refuses a delivery without timestamp, id or signature', async () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const { [name as 'webhook-id']: _gone, ...rest } = standardHeaders(body);
      expect(await authentic('GENERIC', rest, body)).toBe(false);
    }
  });

  it.each([
    ['W8: a dot in the id', { 'webhook-id': ['a.b'] }],
    ['W8: 10 kB of id', { 'webhook-id': ['a'.repeat(10_240)] }],
    ['W8: a line break in the id', { 'webhook-id': ['a\r\nb'] }],
    ['W9: 1,000 signatures', { 'webhook-signature': [Array(1_000).fill('v1,x').join(' ')] }],
  ])('refuses headers before anything is looked up: %s', (_why, headers) => {
    expect(() => checkStandardHeaders(headers)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('W9: takes one good signature among bad ones, and none of a version it has no key for', async () => {
    const headers = standardHeaders(body);
    const good = headers['webhook-signature'];
    const bad = `v1,${Buffer.alloc(32).toString('base64')}`;
    const asked = (signature: string) =>
      authentic('GENERIC', { ...headers, 'webhook-signature': signature }, body);
    expect(await asked(`${bad} ${good}`)).toBe(true);
    expect(await asked(good.replace('v1,', 'v1a,'))).toBe(false);
    expect(await asked(`${bad} v1,short v1 ,, ${good},`)).toBe(false);
  });

  it('names resources at the top or in data; without any it is about everything', () => {
    expect(namesIn('GENERIC', body, { 'webhook-id': 'm' })).toEqual([['library/app'], ['library/web']]);
    expect(namesIn('GENERIC', { type: 'x', resources: ['a'], data: { resources: ['b'] } })).toEqual([['a']]);
    expect(namesIn('GENERIC', { type: 'x', data: {} })).toBe('everything');
    expect(namesIn('GENERIC', '')).toBe('everything');
    expect(namesIn('GENERIC', { type: 'ping' })).toBe('ping');
    expect(namesIn('GENERIC', { type: 'x', resources: [] })).toBe('other');
  });
});

describe('GitLab', () => {
  const body = JSON.stringify({
    object_kind: 'tag_push',
    ref: 'refs/tags/v1.0.0',
    project: { path_with_namespace: 'jsmith/example', git_http_url: 'http://host/gitlab/jsmith/example.git' },
  });

  it('A11: takes the secret token, and with a signing token the signature alone', async () => {
    expect(await authentic('GITLAB', { 'x-gitlab-token': PLAIN }, body)).toBe(true);
    for (const token of ['', 'x', `${PLAIN}x`, [PLAIN, PLAIN]])
      expect(await authentic('GITLAB', { 'x-gitlab-token': token }, body)).toBe(false);
    const signed = standardHeaders(body, { id: 'e81bc4ad' });
    expect(await authentic('GITLAB', signed, body, [STANDARD])).toBe(true);
    const spoilt = { ...signed, 'x-gitlab-token': STANDARD };
    expect(await authentic('GITLAB', spoilt, `${body} `, [STANDARD])).toBe(false);
  });

  it('is about its project, by path and by address', () => {
    const one = parsed('GITLAB', body, { 'idempotency-key': 'k-1', 'x-gitlab-event-uuid': 'shared' });
    expect(one).toMatchObject({ event: 'tag_push', deliveryId: 'k-1' });
    expect(namesIn('GITLAB', body)).toEqual([['jsmith/example', 'gitlab/jsmith/example']]);
    expect(namesIn('GITLAB', { object_kind: 'issue', project: { path_with_namespace: 'a/b' } })).toBe(
      'other',
    );
  });
});

describe('registries', () => {
  const event = (action: string, repository: string, more = {}) => ({
    ...{ id: `${action}-${repository}`, action },
    target: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      repository,
      url: 'http://10.0.0.1/v2/',
    },
    ...more,
  });

  it.each(['DISTRIBUTION', 'HARBOR', 'EVENTBRIDGE'] as const)(
    '%s shows the secret in a header',
    async (kind) => {
      for (const headers of [
        { authorization: PLAIN },
        { authorization: `Bearer ${PLAIN}` },
        { 'x-tagward-token': PLAIN },
      ])
        expect(await authentic(kind, headers, '{}')).toBe(true);
      for (const headers of [
        {},
        { authorization: '' },
        { authorization: `Bearer ${PLAIN}x` },
        { authorization: [PLAIN, PLAIN] },
        { authorization: PLAIN, 'x-tagward-token': PLAIN },
      ])
        expect(await authentic(kind, headers as Record<string, string>, '{}')).toBe(false);
    },
  );

  it('A14: distribution tells pushes and deletes of manifests; a retry has the same id', () => {
    const layer = event('push', 'app', {
      target: { mediaType: 'application/octet-stream', repository: 'layers' },
    });
    const envelope = { events: [layer, event('push', 'app'), event('pull', 'web'), event('delete', 'old')] };
    expect(namesIn('DISTRIBUTION', envelope)).toEqual([['app'], ['old']]);
    expect(parsed('DISTRIBUTION', envelope).deliveryId).toBe(parsed('DISTRIBUTION', envelope).deliveryId);
    expect(namesIn('DISTRIBUTION', { events: [event('pull', 'web')] })).toBe('other');
    expect(parsed('DISTRIBUTION', { events: [{ action: 'push' }] }).deliveryId).toBeNull();
  });

  it('W20: an envelope of more repositories than are named one by one is about everything', () => {
    const events = Array.from({ length: 2_000 }, (_, n) => event('push', `app-${n}`));
    expect(namesIn('DISTRIBUTION', { events })).toBe('everything');
    expect(namesIn('DISTRIBUTION', { events: events.map(() => event('push', 'app')) })).toEqual([['app']]);
  });

  it('Harbor tells in two formats, and of retentions without a repository', () => {
    const repository = {
      name: 'alpine',
      namespace: 'library',
      repo_full_name: 'library/alpine',
      repo_type: 'public',
    };
    const resources = [{ digest: 'sha256:1', tag: 'latest', resource_url: 'http://169.254.169.254/' }];
    const pushed = { type: 'PUSH_ARTIFACT', occur_at: 1_680_501_893, event_data: { resources, repository } };
    expect(namesIn('HARBOR', pushed)).toEqual([['library/alpine']]);
    expect(parsed('HARBOR', pushed).deliveryId).toBeNull();
    const cloud = {
      specversion: '1.0',
      id: 'c-1',
      type: 'harbor.artifact.deleted',
      data: { resources, repository },
    };
    expect([parsed('HARBOR', cloud).deliveryId, namesIn('HARBOR', cloud)]).toEqual([
      'c-1',
      [['library/alpine']],
    ]);
    expect(namesIn('HARBOR', { type: 'TAG_RETENTION', event_data: {} })).toBe('everything');
    expect(namesIn('HARBOR', { type: 'PULL_ARTIFACT', event_data: { repository } })).toBe('other');
  });
});

describe('EventBridge', () => {
  const event = (type: string, more: object) => ({
    ...{ version: '0', id: 'e-1', source: 'aws.ec2', account: '123456789012', region: 'eu-west-1' },
    ...{ 'detail-type': type, resources: [], detail: {}, ...more },
  });
  const instance = 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abcd1234abcd1234';

  it('A13: reads instances from states, tag changes and recorded calls', () => {
    const state = event('EC2 Instance State-change Notification', {
      ...{ resources: [instance], detail: { 'instance-id': 'i-0abcd1234abcd1234', state: 'running' } },
    });
    const tags = event('Tag Change on Resource', {
      ...{
        source: 'aws.tag',
        resources: [instance],
        detail: { 'changed-tag-keys': ['owner'], service: 'ec2' },
      },
    });
    const call = (eventName: string, detail: object) =>
      event('AWS API Call via CloudTrail', {
        detail: { eventSource: 'ec2.amazonaws.com', eventName, ...detail },
      });
    const items = [{ resourceId: 'i-0abcd1234abcd1234' }, { resourceId: 'vol-0abcd1234abcd1234' }];
    const created = call('CreateTags', { requestParameters: { resourcesSet: { items } } });
    const run = call('RunInstances', {
      responseElements: { instancesSet: { items: [{ instanceId: 'i-0abcd1234abcd1234' }] } },
    });
    for (const one of [state, tags, run])
      expect(namesIn('EVENTBRIDGE', one)).toEqual([['i-0abcd1234abcd1234']]);
    expect(namesIn('EVENTBRIDGE', created)).toEqual([['i-0abcd1234abcd1234'], ['vol-0abcd1234abcd1234']]);
    expect(parsed('EVENTBRIDGE', created)).toMatchObject({
      ...{ event: 'AWS API Call via CloudTrail: CreateTags', deliveryId: 'e-1' },
      content: { resources: [{ region: 'eu-west-1', account: '123456789012', platform: 'ec2' }, {}] },
    });
    const failed = call('CreateTags', {
      errorCode: 'Client.Unauthorized',
      requestParameters: { resourcesSet: { items } },
    });
    expect(namesIn('EVENTBRIDGE', failed)).toBe('other');
  });

  it('reads repositories of ECR, and nothing from events about something else', () => {
    const image = event('ECR Image Action', { source: 'aws.ecr', detail: { 'repository-name': 'team/app' } });
    expect(namesIn('EVENTBRIDGE', image)).toEqual([['team/app']]);
    expect(namesIn('EVENTBRIDGE', event('Scheduled Event', { source: 'aws.events' }))).toBe('other');
  });
});

describe('every kind', () => {
  const kinds = Object.keys(WEBHOOK_KIND_SPECS) as WebhookKind[];

  it.each(kinds)('W13, W14: %s reads hostile JSON without harm, or says what is wrong', (kind) => {
    const hostile = [
      '['.repeat(100_000),
      `${'['.repeat(100)}${']'.repeat(100)}`,
      '{"a":1',
      Buffer.from([0xff, 0xfe, 0x7b]).toString('latin1'),
      '\u0000',
    ];
    for (const body of hostile) {
      const began = performance.now();
      expect(() => parsed(kind, body)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(performance.now() - began).toBeLessThan(50);
    }
    const polluting =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"type":"x","type":"ping"}';
    parsed(kind, polluting);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    for (const odd of [
      'null',
      '[]',
      '7',
      '"text"',
      '{"events":7,"project":[],"repository":"x","detail":null}',
    ])
      expect(() => parsed(kind, odd)).not.toThrow();
  });

  it('makes secrets of 32 random bytes; SNS none', () => {
    for (const kind of kinds) {
      const [one, two] = [WEBHOOK_KIND_SPECS[kind].makeSecret?.(), WEBHOOK_KIND_SPECS[kind].makeSecret?.()];
      if (kind === 'SNS') expect(one).toBeUndefined();
      else expect([one === two, one]).toEqual([false, expect.stringMatching(/^(whsec_.{44}|[0-9a-f]{64})$/)]);
    }
  });
});
