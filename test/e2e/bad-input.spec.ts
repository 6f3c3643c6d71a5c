import type { Ec2Sandbox } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Reply } from './support/client.js';
import { ec2Target, instance, startEc2 } from './support/ec2.js';
import { startService, temporaryDirectory, type Started } from './support/service.js';

const CREATE_TARGET = 'mutation ($input: CreateTargetInput!) { createTarget(input: $input) { id } }';
const PUT_PACK = `mutation ($name: String!, $document: String!) {
  putRulePack(name: $name, document: $document) { rulePack { version } diagnostics { message line column path severity } }
}`;

describe('bad input', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let sandbox: Ec2Sandbox;
  let service: Started;
  let client: Client;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    sandbox = await startEc2([instance(1, 'eu-west-1', { Name: 'a' })]);
    const env = { TAGWARD_OUTBOUND_ALLOW: `${new URL(sandbox.endpoint).host},127.0.0.1:9` };
    service = await startService({ dataDir: directory.path, env });
    client = new Client(service.url);
  });
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
    await directory.remove();
  });

  const ec2 = (more: object) => ({ name: 'wrong', ec2: { regions: ['eu-west-1'], ...more } });
  it.each<[string, object, string, RegExp]>([
    ['no platform', { name: 'wrong' }, 'BAD_USER_INPUT', /exactly one of ec2/],
    [
      'two platforms',
      { ...ec2({}), git: { url: 'https://example.com/x.git' } },
      'BAD_USER_INPUT',
      /exactly one/,
    ],
    [
      'a platform without connector',
      { name: 'wrong', docker: { host: 'unix:///x' } },
      'UNSUPPORTED',
      /docker/,
    ],
    ['no region', { name: 'wrong', ec2: { regions: [] } }, 'BAD_USER_INPUT', /ec2\.regions/],
    [
      'a region that is none',
      { name: 'wrong', ec2: { regions: ['europe'] } },
      'BAD_USER_INPUT',
      /ec2\.regions\.0/,
    ],
    ['an unknown resource type', ec2({ resourceTypes: ['instnace'] }), 'BAD_USER_INPUT', /instance/],
    ['an external id without a role', ec2({ externalId: 'x' }), 'BAD_USER_INPUT', /roleArn/],
    [
      'a loopback address',
      ec2({ endpoint: 'http://127.0.0.1:1' }),
      'BAD_USER_INPUT',
      /TAGWARD_OUTBOUND_ALLOW/,
    ],
    ['a private address', ec2({ endpoint: 'http://10.1.2.3' }), 'BAD_USER_INPUT', /TAGWARD_OUTBOUND_ALLOW/],
    [
      'a disguised private address',
      ec2({ endpoint: 'http://0x7f.1:8080' }),
      'BAD_USER_INPUT',
      /TAGWARD_OUTBOUND_ALLOW/,
    ],
    ['a metadata address', ec2({ endpoint: 'http://169.254.169.254' }), 'BAD_USER_INPUT', /metadata/],
    ['a scheme that is none', ec2({ endpoint: 'file:///etc/passwd' }), 'BAD_USER_INPUT', /http/],
    ['an unknown credential', { ...ec2({}), credentialId: 'nobody' }, 'NOT_FOUND', /credential/],
    ['an unknown rule pack', { ...ec2({}), rulePacks: ['nobody'] }, 'NOT_FOUND', /nobody/],
    ['an empty name', { ...ec2({}), name: ' ' }, 'BAD_USER_INPUT', /name/],
  ])(
    'refuses a target with %s, alike on both faces, and stores nothing',
    async (_case, input, code, mend) => {
      const started = Date.now();
      const rest = await client.rest('POST', '/targets', input);
      const graphql = await client.graphql(CREATE_TARGET, { input });

      expect(Date.now() - started).toBeLessThan(4_000);
      expect(rest.body).toMatchObject({ code, status: rest.status });
      expect(rest.body.detail).toMatch(mend);
      expect(graphql.errors[0]).toMatchObject({ message: rest.body.detail, extensions: { code } });
      expect((await client.rest('GET', '/targets?total=true')).body.total).toBe(0);
    },
  );

  it('refuses fields it does not know, by their name', async () => {
    const { status, body } = await client.rest('POST', '/targets', {
      ...ec2({}),
      tenantId: 'x',
      protected: false,
    });

    expect(status).toBe(400);
    expect(body.detail).toMatch(/tenantId.*protected/);
  });

  it.each<[string, string, string]>([
    ['malformed JSON', '{"name": ', 'application/json'],
    ['no JSON at all', 'hello', 'application/json'],
    ['another type', '<a/>', 'text/xml'],
  ])('answers %s with a problem document', async (_case, body, type) => {
    const response = await fetch(`${service.url}/api/v1/targets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}`, 'content-type': type },
      body,
    });

    expect([400, 415]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it.each(['application/json', 'application/yaml'])(
    'refuses %s that is not UTF-8, at its line',
    async (type) => {
      const response = await fetch(`${service.url}/api/v1/rule-packs/wrong`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${client.token}`, 'content-type': type },
        body: Buffer.from('pack: wrong\n# Größe\nrules: []\n', 'latin1'),
      });

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ detail: expect.stringMatching(/not UTF-8.* line 2/) });
    },
  );

  const pack = (rules: string) => `pack: wrong\nrules:\n${rules}`;
  it.each<[string, string, number, RegExp]>([
    ['broken YAML', 'pack: wrong\nrules: [', 2, /./],
    ['a duplicate key', 'pack: wrong\npack: wrong\nrules: []', 2, /pack/],
    ['an unknown kind', pack('  - { id: a, kind: key-speling, canonical: x }'), 3, /key-spelling/],
    [
      'a look-behind',
      pack('  - id: a\n    kind: stale-key\n    keys:\n      - { re2: "(?<=x)y" }'),
      6,
      /look|RE2|\(\?</i,
    ],
    [
      'two rules of one id',
      pack(
        '  - { id: a, kind: stale-key, keys: [{ exact: x }] }\n  - { id: a, kind: stale-key, keys: [{ exact: y }] }',
      ),
      4,
      /a/,
    ],
    [
      'an unknown field',
      pack('  - { id: a, kind: stale-key, keys: [{ exact: x }], sverity: low }'),
      3,
      /severity/,
    ],
  ])('refuses a pack with %s at its line, and stores nothing', async (_case, document, line, message) => {
    const rest = await client.rest('PUT', '/rule-packs/wrong', document);
    const graphql = await client.data(PUT_PACK, { name: 'wrong', document });

    expect(rest.status).toBe(422);
    const critical = rest.body.diagnostics.filter((one: Reply['body']) => one.severity === 'CRITICAL');
    expect(critical).toContainEqual(
      expect.objectContaining({ line, message: expect.stringMatching(message) }),
    );
    expect(graphql.putRulePack).toEqual({ rulePack: null, diagnostics: expect.any(Array) });
    expect(graphql.putRulePack.diagnostics).toEqual(rest.body.diagnostics);
    expect((await client.rest('GET', '/rule-packs/wrong')).status).toBe(404);
  });

  it('refuses a pack under another name than its own', async () => {
    const { status, body } = await client.rest('PUT', '/rule-packs/other', pack('  []'));

    expect(status).toBe(422);
    expect(body.diagnostics[0].message).toMatch(/"wrong".*"other"/);
  });

  it('keeps two writers of one pack from overwriting each other', async () => {
    const document = 'pack: shared\nrules:\n  - { id: a, kind: stale-key, keys: [{ exact: x }] }\n';
    const first = await client.rest('PUT', '/rule-packs/shared', document, { 'if-none-match': '*' });
    const etag = first.headers.get('etag') ?? '';
    const second = await client.rest('PUT', '/rule-packs/shared', `${document}# mine\n`, {
      'if-match': etag,
    });
    const late = await client.rest('PUT', '/rule-packs/shared', `${document}# theirs\n`, {
      'if-match': etag,
    });

    expect([first.status, second.status]).toEqual([200, 200]);
    expect([409, 412]).toContain(late.status);
    expect(late.body.detail).toMatch(/2/);
    expect((await client.rest('GET', '/rule-packs/shared')).body.document).toContain('# mine');
  });

  it('says what is wrong with a credential, a place and a permission, within two seconds', async () => {
    const right = await ec2Target(client, sandbox, { name: 'right', regions: ['eu-west-1'] });
    const secret = { accessKeyId: 'AKIANOBODYNOBODY0001', secretAccessKey: 'canary-of-nobody-0123456789' };
    const wrong = await ec2Target(client, sandbox, { name: 'wrong-key', regions: ['eu-west-1'], secret });
    const nowhere = await client.rest('POST', '/targets', {
      name: 'nowhere',
      credentialId: (await client.rest('GET', `/credentials`)).body.items[0].id,
      ec2: { regions: ['eu-west-1'], endpoint: 'http://127.0.0.1:9' },
    });

    expect((await client.rest('POST', `/targets/${right}/probe`, {})).status).toBe(200);
    for (const [id, code, mend] of [
      [wrong, 'REMOTE_DENIED', /credential|key/i],
      [nowhere.body.id, 'UNAVAILABLE', /127\.0\.0\.1:9/],
    ] as const) {
      const started = Date.now();
      const rest = await client.rest('POST', `/targets/${id}/probe`, {});
      const took = Date.now() - started;
      const graphql = await client.graphql('mutation ($id: ID!) { probeTarget(id: $id) { id } }', { id });

      expect(rest.body).toMatchObject({ code });
      expect(rest.body.detail).toMatch(mend);
      expect(took).toBeLessThan(2_000);
      expect(graphql.errors[0].extensions.code).toBe(code);
      const scan = await client.scan(id);
      expect(scan).toMatchObject({ status: 'FAILED', errors: [{ message: expect.stringMatching(mend) }] });
    }
  });

  it('refuses queries that cost too much, and pages that are too long', async () => {
    const aliases = Array.from({ length: 100 }, (_, n) => `a${n}: targets { totalCount }`).join(' ');
    const deep = `{ targets { edges { node { lastScan { target { lastScan { target { lastScan { target { lastScan { target { lastScan { id } } } } } } } } } } } } }`;

    for (const query of [
      `{ ${aliases} }`,
      deep,
      '{ findings(first: 1000000) { totalCount } }',
      '{ nothing',
      '{ nothing }',
    ]) {
      const { errors, data } = await client.graphql(query);
      expect(data ?? null, query.slice(0, 40)).toBeNull();
      expect(['BAD_USER_INPUT', 'LIMIT_EXCEEDED']).toContain(errors[0].extensions.code);
    }
    expect((await client.rest('GET', '/findings?after=forged')).body).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
