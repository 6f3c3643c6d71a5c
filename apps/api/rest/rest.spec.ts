import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import { HygieneError } from '#core';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';
import { PRESENTERS } from './presenters.js';

interface ProblemBody {
  code: string;
  reason: string;
  detail: string;
  status: number;
  faults: { path: string; message: string }[];
}

describe('REST', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi({
      handlers: {
        cancelScan: async () => {
          throw new HygieneError('REMOTE_THROTTLED', 'EC2 asks for patience.', { retryAfterMs: 2_500 });
        },
        probeTarget: async () => {
          throw new TypeError('cannot read the-inner-secret');
        },
      },
    });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.seen.inputs.length = 0;
    api.seen.counted = 0;
    api.logLines.length = 0;
  });

  const bodies: Partial<Record<OperationName, object>> = {
    createTarget: { name: 'prod', ec2: { regions: ['eu-west-1'] } },
    createCredential: { name: 'x', kind: 'BASIC', secret: { username: 'a', password: 'b' } },
    rotateCredential: { secret: { username: 'a', password: 'b' } },
    validateRulePack: { document: 'pack: x' },
    putRulePack: { document: 'pack: x' },
    startScan: { targetId: 't1' },
    checkTags: { platform: 'GIT', resource: 'acme/app', tags: ['wip'] },
    suppressFinding: { reason: 'known' },
    suppressFindings: { filter: {}, reason: 'known' },
    upsertNotificationChannel: { name: 'x', kind: 'EMAIL', events: ['SCAN_DONE'], address: 'a@example.test' },
    createApiToken: { name: 'ci', scopes: ['READ'] },
    upsertSchedule: { name: 'weekly', cron: '@weekly' },
    createWebhook: { name: 'forge', kind: 'GITHUB', targetIds: ['t1'] },
  };
  const queries: Partial<Record<OperationName, string>> = {
    findingStats: '?groupBy=RULE',
    explainTag: '?targetId=t1&reference=app',
  };
  const ids: Record<string, string> = {
    ...{ targets: 't1', scans: 's1', findings: 'f0' },
    ...{ reports: 'rep1', webhooks: 'w1' },
  };
  const failing = ['cancelScan', 'probeTarget'];
  const answered = (Object.entries(OPERATIONS) as [OperationName, OperationSpec][]).filter(
    ([name]) => !failing.includes(name),
  );

  it.each(answered)('%s answers what its schema says', async (name, spec) => {
    const path = spec.rest.path
      .replace('{id}', ids[spec.noun] ?? 'x')
      .replace('{name}', 'labels')
      .replace('{format}', 'html');
    const url = `/api/v1${path}${queries[name] ?? ''}`;
    const reply = await api.rest(
      spec.rest.method,
      url,
      bodies[name] === undefined ? {} : { body: bodies[name] },
    );
    expect(reply.body && reply.statusCode).toBe(spec.rest.status === 204 ? '' : spec.rest.status);
    expect(reply.statusCode).toBe(spec.rest.status);
    const { schema } = PRESENTERS[name];
    if (schema === null) return;
    const body = reply.json<{ items?: unknown[] }>();
    for (const row of spec.paged ? (body.items ?? []) : [body]) expect(schema.parse(row)).toEqual(row);
    if (spec.paged) expect(body.items?.length).toBeGreaterThan(0);
  });

  it('pages with a cursor and a link, and counts only when asked', async () => {
    const first = await api.rest(
      'GET',
      '/api/v1/findings?first=2&states=OPEN&severities=HIGH,LOW&labels=team%3Dpayments',
    );
    expect(api.seen.inputs[0]).toMatchObject({
      first: 2,
      states: ['OPEN'],
      severities: ['high', 'low'],
      labels: [{ key: 'team', value: 'payments' }],
    });
    expect(first.json()).toMatchObject({
      nextCursor: '1',
      hasNextPage: true,
      items: [{ id: 'f0' }, { id: 'f1' }],
    });
    expect(first.json()).not.toHaveProperty('total');
    const next = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']))?.[1] ?? '';
    expect(next.startsWith('/api/v1/findings?')).toBe(true);
    const second = await api.rest('GET', next);
    expect(second.json<{ items: { id: string }[] }>().items.map(({ id }) => id)).toEqual(['f2', 'f3']);
    expect(api.seen.inputs[1]).toMatchObject({
      states: ['OPEN'],
      labels: [{ key: 'team', value: 'payments' }],
    });
    expect(api.seen.counted).toBe(0);
    const counted = await api.rest('GET', '/api/v1/findings?total=true&first=1');
    expect(counted.json()).toMatchObject({ total: 450 });
    const last = await api.rest('GET', '/api/v1/findings?first=200&after=400');
    expect(last.json()).toMatchObject({ nextCursor: null, hasNextPage: false });
    expect(last.headers['link']).toBeUndefined();
  });

  it('streams whole lists as NDJSON, page by page', async () => {
    const reply = await api.rest('GET', '/api/v1/findings?first=1', {
      headers: { accept: 'application/x-ndjson' },
    });
    const rows = reply.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 450 }, (_, index) => `f${index}`));
    expect(api.seen.inputs.map((input) => input['first'])).toEqual([200, 200, 200]);
    expect(reply.headers['content-disposition']).toBe('attachment; filename="findings.ndjson"');
  });

  it('streams whole lists as CSV that no spreadsheet runs', async () => {
    const reply = await api.rest('GET', '/api/v1/findings', { headers: { accept: 'text/csv' } });
    const lines = reply.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(451);
    expect(lines[0]).toMatch(/^id,targetId,scope,ruleId,rulePack,severity,state,resource/);
    expect(lines[1]).toContain(",'=cmd|calc,");
    expect(lines[1]).toContain(',HIGH,');
    expect(lines[1]).toContain('2026-03-01T08:00:00.000Z');
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8');
  });

  it('answers what is wrong with an export as a problem', async () => {
    const reply = await api.rest('GET', '/api/v1/findings?after=forged', { headers: { accept: 'text/csv' } });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ reason: 'CURSOR_INVALID' });
  });

  it('writes problem documents', async () => {
    const reply = await api.rest('GET', '/api/v1/findings?first=100000&page=3');
    expect(reply.statusCode).toBe(400);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(reply.json()).toMatchObject({
      type: 'urn:tagward:problem:INPUT_INVALID',
      status: 400,
      instance: '/api/v1/findings',
      code: 'BAD_USER_INPUT',
      requestId: reply.headers['x-request-id'],
    });
    expect(reply.json<ProblemBody>().faults.map(({ path }) => path)).toEqual(['first', '']);
  });

  it.each([
    ['GET', '/api/v1/targets/none', 404],
    ['GET', '/api/v1/rule-packs/none', 404],
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/nothing', 404],
    ['GET', `/api/v1/targets/${'x'.repeat(300)}`, 414],
    ['GET', '/api/v1/%zz', 400],
  ] as const)('%s %s is %i with a problem', async (method, url, status) => {
    const reply = await api.rest(method, url);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json<ProblemBody>().status).toBe(status);
  });

  it('says which methods an address takes', async () => {
    const reply = await api.rest('POST', '/api/v1/targets/t1');
    expect(reply.statusCode).toBe(405);
    expect(reply.headers['allow']).toBe('GET, PATCH, DELETE, HEAD');
    expect((await api.rest('DELETE', '/api/v1/rule-packs:validate')).headers['allow']).toBe('POST');
    expect((await api.rest('HEAD', '/api/v1/targets/t1')).statusCode).toBe(200);
  });

  it('serves only what is accepted', async () => {
    const reply = await api.rest('GET', '/api/v1/findings', { headers: { accept: 'image/png' } });
    expect(reply.statusCode).toBe(406);
    expect(reply.json<ProblemBody>().detail).toContain('text/csv');
    expect(
      (await api.rest('GET', '/api/v1/credentials', { headers: { accept: 'text/csv' } })).statusCode,
    ).toBe(406);
  });

  it.each([
    ['text/plain', 'name', 415],
    ['application/x-www-form-urlencoded', 'name=x', 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
    ['application/yaml', 'name: x', 415],
    ['application/json', '[1]', 400],
    ['application/json', '"text"', 400],
    ['application/json', '{"__proto__": {"admin": true}}', 400],
  ])('refuses a body of %s: %s', async (type, body, status) => {
    const reply = await api.rest('POST', '/api/v1/targets', { headers: { 'content-type': type }, body });
    expect(reply.statusCode).toBe(status);
    expect(reply.json<ProblemBody>().code).toBe('BAD_USER_INPUT');
  });

  it('names the place where JSON breaks, and repeats none of it', async () => {
    const body = '{\n  "name": "x",\n  "secret": hunter2-canary }';
    const reply = await api.rest('POST', '/api/v1/credentials', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(reply.statusCode).toBe(400);
    expect(reply.json<ProblemBody>().detail).toBe('The body is not JSON: it breaks at line 3, column 13.');
    expect(reply.body + api.logLines.join('')).not.toContain('hunter2');
  });

  it('bounds bodies', async () => {
    const body = JSON.stringify({ document: 'x'.repeat(3 * 1024 * 1024) });
    const reply = await api.rest('PUT', '/api/v1/rule-packs/labels', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(reply.statusCode).toBe(413);
    expect(reply.json<ProblemBody>().code).toBe('LIMIT_EXCEEDED');
  });

  it('refuses fields that nothing takes, and fields said twice', async () => {
    const extra = await api.rest('POST', '/api/v1/targets', {
      body: { name: 'x', ec2: { regions: [] }, tenantId: 't', role: 'admin' },
    });
    expect(extra.statusCode).toBe(400);
    expect(extra.json<ProblemBody>().detail).toMatch(/tenantId/);
    const twice = await api.rest('PATCH', '/api/v1/targets/t1', { body: { id: 't2' } });
    expect(twice.json<ProblemBody>().faults).toEqual([{ path: 'id', message: 'is said by the path' }]);
    const inQuery = await api.rest('POST', '/api/v1/scans?targetId=t1');
    expect(inQuery.json<ProblemBody>().faults).toEqual([
      { path: 'targetId', message: 'belongs in the body' },
    ]);
    expect(api.seen.inputs).toEqual([]);
  });

  it.each(['a[__proto__][x]=1', `${'a[]=1&'.repeat(5_000)}`, 'a[1000000000]=1', '__proto__=1'])(
    'reads no structure into a query: %s',
    async (query) => {
      const reply = await api.rest('GET', `/api/v1/targets?${query}`);
      expect(reply.statusCode).toBe(400);
    },
  );

  it('gives what was made an address', async () => {
    const target = await api.rest('POST', '/api/v1/targets', {
      body: { name: 'prod', ec2: { regions: [] } },
    });
    expect(target.headers['location']).toBe('/api/v1/targets/t9');
    const scan = await api.rest('POST', '/api/v1/scans', {
      body: { targetId: 't1' },
      headers: { 'idempotency-key': '"key-1"', 'content-type': 'application/json' },
    });
    expect(scan.headers['location']).toBe('/api/v1/scans/s2');
    expect(api.seen.inputs[1]).toEqual({ targetId: 't1', idempotencyKey: 'key-1' });
    const token = await api.rest('POST', '/api/v1/api-tokens', { body: { name: 'ci', scopes: ['READ'] } });
    expect(token.headers['location']).toBeUndefined();
  });

  it('takes rule packs as YAML, bound to a version', async () => {
    const put = (headers: Record<string, string>, body = 'pack: labels\n') =>
      api.rest('PUT', '/api/v1/rule-packs/labels', {
        body,
        headers: { 'content-type': 'application/yaml', ...headers },
      });
    const stored = await put({ 'if-match': '"3"' });
    expect(stored.statusCode).toBe(200);
    expect(stored.headers['etag']).toBe('"3"');
    expect(api.seen.inputs[0]).toEqual({ name: 'labels', document: 'pack: labels\n', expectedVersion: 3 });
    const stale = await put({ 'if-match': '"2"' });
    expect([stale.statusCode, stale.json<ProblemBody>().code]).toEqual([412, 'CONFLICT']);
    expect((await put({ 'if-none-match': '*' })).statusCode).toBe(412);
    expect((await put({ 'if-match': 'W/"3"' })).statusCode).toBe(400);
    const inBody = await api.rest('PUT', '/api/v1/rule-packs/labels', {
      body: { document: 'x', expectedVersion: 2 },
    });
    expect(inBody.statusCode).toBe(409);
    const validated = await api.rest('POST', '/api/v1/rule-packs:validate', {
      body: 'pack: x',
      headers: { 'content-type': 'text/yaml; charset=utf-8' },
    });
    expect(validated.json()).toMatchObject({ diagnostics: [{ line: 4, severity: 'CRITICAL' }] });
  });

  it('refuses a broken rule pack with its diagnostics', async () => {
    const reply = await api.rest('PUT', '/api/v1/rule-packs/labels', { body: { document: 'broken' } });
    expect(reply.statusCode).toBe(422);
    expect(reply.json()).toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'RULE_PACK_INVALID',
      diagnostics: [
        { message: 'An unknown kind.', line: 4, column: 3, path: 'rules.0.kind', severity: 'CRITICAL' },
      ],
      faults: [{ path: 'rules.0.kind' }],
    });
  });

  it('gives rule packs with their ETag, as JSON or as themselves', async () => {
    const json = await api.rest('GET', '/api/v1/rule-packs/labels');
    expect(json.headers['etag']).toBe('"3"');
    const known = await api.rest('GET', '/api/v1/rule-packs/labels', {
      headers: { 'if-none-match': 'W/"3"' },
    });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    const yaml = await api.rest('GET', '/api/v1/rule-packs/labels', {
      headers: { accept: 'application/yaml' },
    });
    expect([yaml.headers['content-type'], yaml.body]).toEqual([
      'application/yaml; charset=utf-8',
      'pack: labels\n',
    ]);
  });

  it('says when to come back', async () => {
    const reply = await api.rest('POST', '/api/v1/scans/s1/cancel');
    expect(reply.statusCode).toBe(429);
    expect(reply.headers['retry-after']).toBe('3');
  });

  it('tells nothing of what broke inside, and logs it once', async () => {
    const reply = await api.rest('POST', '/api/v1/targets/t1/probe');
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ code: 'INTERNAL', reason: 'INTERNAL' });
    expect(reply.body).not.toContain('the-inner-secret');
    const lines = api.logLines.filter((line) => line.includes('the-inner-secret'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String(reply.headers['x-request-id']));
  });

  it('says the same as GraphQL, word for word', async () => {
    const asked = [
      ['/api/v1/scans?first=0', '{ scans(first: 0) { totalCount } }'],
      ['/api/v1/findings?after=forged', '{ findings(after: "forged") { totalCount } }'],
      ['/api/v1/rule-packs/No%20Name', '{ rulePack(name: "No Name") { id } }'],
    ] as const;
    for (const [url, query] of asked) {
      const problem = (await api.rest('GET', url)).json<ProblemBody>();
      const error = (await api.graphql(query)).errors[0];
      expect({
        message: problem.detail,
        code: problem.code,
        reason: problem.reason,
        faults: problem.faults,
      }).toEqual({
        message: error?.message,
        code: error?.extensions['code'],
        reason: error?.extensions['reason'],
        faults: error?.extensions['faults'],
      });
    }
  });

  it('shows only what a narrowed token may see', async () => {
    const reply = await api.rest('GET', '/api/v1/findings?first=200', { token: tokenOf('t1') });
    const targets = new Set(
      reply.json<{ items: { targetId: string }[] }>().items.map(({ targetId }) => targetId),
    );
    expect([...targets]).toEqual(['t1']);
  });

  it('has schemas that refuse what they do not list', () => {
    for (const { schema } of Object.values(PRESENTERS)) {
      if (schema === null) continue;
      const strict = schema instanceof z.ZodObject && schema.safeParse({ surplus: 1 });
      expect(JSON.stringify(strict)).toContain('surplus');
    }
  });
});
