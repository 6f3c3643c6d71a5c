import { HygieneError } from '#core';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';

describe('GraphQL', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi({
      handlers: {
        probeTarget: async () => {
          throw new TypeError('cannot read the-inner-secret');
        },
        cancelScan: async () => {
          throw new HygieneError('REMOTE_THROTTLED', 'EC2 asks for patience.', { retryAfterMs: 2_500 });
        },
      },
    });
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.seen.inputs.length = 0;
    api.seen.counted = 0;
    for (const name of Object.keys(api.loads)) delete api.loads[name];
  });

  it('answers records in the spelling of the contract', async () => {
    const { data, errors } = await api.graphql(`{
      me { subject source scopes }
      target(id: "t1") { platform mode labels { key value } config createdAt hygieneScore capabilities { name checkedAt } lastScan { id } }
      rulePack(name: "labels") { version rules { id key platforms severity } }
      scan(id: "s1") { status counts { bySeverity { name count } } errors { code } notEvaluated { needs } target { name } }
      report(id: "rep1") { files { format url bytes } totals { name count } }
      auditEvents { edges { node { sequence details } } }
      verifyAuditLog(expectedSequence: 2) { ok events }
      apiTokens { edges { node { scopes targetIds } } }
      resources(first: 1) { edges { node { digests bytes removable tags { name } target { id } } } }
    }`);
    expect(errors).toEqual([]);
    expect(data.target).toMatchObject({
      platform: 'EC2',
      config: { platform: 'stays lower' },
      createdAt: '2026-03-01T08:00:00.000Z',
      lastScan: { id: 's1' },
    });
    expect(data.rulePack.rules).toEqual([
      { id: 'labels/spelling', key: 'spelling', platforms: ['EC2'], severity: 'HIGH' },
    ]);
    expect(data.report.files[0].url).toBe('https://tags.example.test/api/v1/reports/rep1/files/html');
    expect(data.resources.edges[0].node).toMatchObject({
      digests: ['sha256:index'],
      bytes: null,
      tags: [{ name: 'owner' }],
    });
  });

  it('flattens inputs and filters into what the operation takes', async () => {
    await api.graphql(
      `mutation { createTarget(input: { name: "prod", ec2: { regions: ["eu-west-1"] }, labels: [{ key: "a", value: "b" }] }) { id }
         suppressFindings(filter: { severities: [LOW], platforms: [EC2] }, reason: "known") }`,
    );
    await api.graphql(
      '{ findings(filter: { states: [OPEN], severities: [HIGH] }, first: 3) { edges { cursor } } }',
    );
    expect(api.seen.inputs).toEqual([
      {
        name: 'prod',
        mode: 'READ_ONLY',
        ec2: { regions: ['eu-west-1'] },
        labels: [{ key: 'a', value: 'b' }],
      },
      { filter: { severities: ['low'], platforms: ['ec2'] }, reason: 'known' },
      { states: ['OPEN'], severities: ['high'], orderBy: 'SEVERITY_DESC', first: 3 },
    ]);
  });

  it('pages by cursor and counts only when asked', async () => {
    const page = `query ($after: String) { findings(first: 2, after: $after) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }`;
    const first = (await api.graphql(page)).data.findings;
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: '0',
      endCursor: '1',
    });
    const second = (await api.graphql(page, { after: first.pageInfo.endCursor })).data.findings;
    expect(second.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(['f2', 'f3']);
    expect(second.pageInfo.hasPreviousPage).toBe(true);
    expect(api.seen.counted).toBe(0);
    expect((await api.graphql('{ findings { totalCount } }')).data.findings.totalCount).toBe(450);
    expect(api.seen.counted).toBe(1);
  });

  it('loads every edge once, however many rows ask', async () => {
    const { errors } = await api.graphql(`{
      findings(first: 200) { edges { node { target { credential { name } lastScan { target { name } } } } } }
    }`);
    expect(errors).toEqual([]);
    expect(api.loads).toEqual({ targets: 1, credentials: 1, lastScans: 1 });
    await api.graphql('{ resources(first: 5) { edges { node { tags { target { id } } target { id } } } } }');
    expect(api.loads).toMatchObject({ tags: 1 });
    const logs = 'deliveries(first: 5) { edges { node { event status } } }';
    const { data } = await api.graphql(`{ notificationChannels { name ${logs} } }`);
    const line = { deliveries: { edges: [{ node: { event: 'SCAN_DONE', status: 'QUEUED' } }] } };
    expect(data.notificationChannels).toMatchObject([line, line]);
    expect(api.loads).toMatchObject({ deliveries: 1 });
  });

  it('says of a query that the parser cannot follow what is wrong with it', async () => {
    const { errors } = await api.graphql(`{ me(x: ${'['.repeat(1_900)} }`);
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors[0]?.message).not.toMatch(/stack/i);
  });

  it.each([
    [
      'too deep',
      `{ target(id: "t1") { ${'lastScan { target { '.repeat(6)} id ${'} } '.repeat(6)} } }`,
      'depth',
    ],
    [
      'many aliases',
      `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: me { subject }`).join(' ')} }`,
      'aliases',
    ],
    [
      'aliases in fragments',
      `{ ${'...F '.repeat(4)} } fragment F on Query { a: me { subject } b: me { subject } c: me { subject } d: me { subject } }`,
      'aliases',
    ],
    ['many mutations', `mutation { ${'deleteTarget(id: "t1") '.repeat(11)} }`, 'roots'],
    [
      'a huge answer',
      `query ($n: Int) { ${[1, 2, 3, 4].map((i) => `r${i}: resources(first: $n) { edges { node { tags { target { lastScan { id } } } } } }`).join(' ')} }`,
      'objects',
    ],
  ])('refuses what is %s', async (_what, query, limit) => {
    const reply = await api.graphql(query, { n: 200 });
    expect(reply.status).toBe(400);
    expect(reply.errors[0]?.extensions['code']).toBe('LIMIT_EXCEEDED');
    expect(reply.errors[0]?.extensions['faults']).toContainEqual(expect.objectContaining({ path: limit }));
    expect(api.seen.inputs).toEqual([]);
  });

  it.each([
    [
      '10,000 aliases of __typename',
      `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    ],
    ['a field 900 times', `{ me { ${'subject '.repeat(900)} } }`],
    ['a cycle of fragments', 'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    [
      'nested fragments that double',
      `{ ...F0 } ${Array.from({ length: 60 }, (_, i) => `fragment F${i} on Query { ${i === 59 ? 'me { subject }' : `...F${i + 1} ...F${i + 1}`} }`).join(' ')}`,
    ],
    ['@skip 400 times', `{ me { ${'subject @skip(if: false) '.repeat(400)} } }`],
    ['an unknown field of 10,000 characters', `{ ${'x'.repeat(10_000)} }`],
    ['a query of 1 MB', `{ me { ${'subject '.repeat(130_000)} } }`],
  ])('deals with %s at once', async (_what, query) => {
    await api.graphql('{ me { subject } }');
    const start = performance.now();
    const reply = await api.graphql(query);
    expect(performance.now() - start).toBeLessThan(500);
    for (const { extensions } of reply.errors)
      expect(['BAD_USER_INPUT', 'LIMIT_EXCEEDED']).toContain(extensions['code']);
  });

  it('takes the introspection of any tool', async () => {
    const all = {
      descriptions: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
    };
    const reply = await api.graphql(
      getIntrospectionQuery({ ...all, directiveIsRepeatable: true, oneOf: true }),
    );
    expect(reply.errors).toEqual([]);
  });

  it('tells faults with code, reason, place and request', async () => {
    const reply = await api.graphql('{ findings(first: 100000) { totalCount } }');
    expect(reply.status).toBe(200);
    expect(reply.errors[0]).toMatchObject({
      path: ['findings'],
      extensions: { code: 'BAD_USER_INPUT', reason: 'INPUT_INVALID', faults: [{ path: 'first' }] },
    });
    expect(reply.errors[0]?.extensions['requestId']).toBe(reply.headers['x-request-id']);
    const throttled = await api.graphql('mutation { cancelScan(id: "s1") { id } }');
    expect(throttled.errors[0]).toMatchObject({
      message: 'EC2 asks for patience.',
      extensions: { code: 'RATE_LIMITED', reason: 'REMOTE_THROTTLED' },
    });
  });

  it('tells nothing of what broke inside, and logs it once', async () => {
    api.logLines.length = 0;
    const reply = await api.graphql('mutation { probeTarget(id: "t1") { id } }');
    expect(JSON.stringify(reply)).not.toContain('the-inner-secret');
    expect(reply.errors[0]?.extensions).toMatchObject({ code: 'INTERNAL', reason: 'INTERNAL' });
    const lines = api.logLines.filter((line) => line.includes('the-inner-secret'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(String(reply.headers['x-request-id']));
    expect(lines[0]).toContain('graphql.spec.ts');
  });

  it.each([
    ['a missing field', { kind: 'BASIC', secret: { password: 'hunter2-canary' } }],
    ['an unknown field', { name: 'x', kind: 'BASIC', secret: {}, passphrase: 'hunter2-canary' }],
    ['a wrong type', { name: { password: 'hunter2-canary' }, kind: 'BASIC', secret: {} }],
    ['an unknown kind', { name: 'x', kind: 'hunter2-canary', secret: {} }],
  ])('repeats no value of a rejected variable: %s', async (_what, input) => {
    const mutation = 'mutation ($input: CreateCredentialInput!) { createCredential(input: $input) { id } }';
    const reply = await api.graphql(mutation, { input });
    expect(reply.errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(reply.errors[0]?.message).toContain('$input');
    expect(JSON.stringify(reply)).not.toContain('hunter2');
    expect(api.logLines.join('')).not.toContain('hunter2');
  });

  it('repeats no value of a rejected literal', async () => {
    const reply = await api.graphql(
      'mutation { createCredential(input: { name: { password: "hunter2-canary" }, kind: BASIC, secret: {} }) { id } }',
    );
    expect(reply.errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(reply)).not.toContain('hunter2');
  });

  it.each([
    ['a batch', '[{"query":"{ me { subject } }"}]', 'application/json', 400],
    ['broken JSON', '{"query": ', 'application/json', 400],
    ['text', '{"query":"{ me { subject } }"}', 'text/plain', 415],
    ['a form', 'query=%7Bme%7Bsubject%7D%7D', 'application/x-www-form-urlencoded', 415],
    ['multipart', '--x--', 'multipart/form-data; boundary=x', 415],
  ])('refuses %s', async (_what, payload, type, status) => {
    const headers = { authorization: `Bearer ${tokenOf('ADMIN')}`, 'content-type': type };
    const reply = await api.app.inject({ method: 'POST', url: '/graphql', headers, payload });
    expect(reply.statusCode).toBe(status);
    expect(reply.json<{ errors: { extensions: object }[] }>().errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('takes no operation from an address', async () => {
    const url = `/graphql?query=${encodeURIComponent('{ me { subject } }')}`;
    const reply = await api.rest('GET', url, { headers: { accept: 'application/json' } });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers['allow']).toBe('POST');
  });

  it('keeps the code that clients of persisted queries wait for', async () => {
    const reply = await api.rest('POST', '/graphql', {
      body: { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
    });
    const { errors } = reply.json<{ errors: { message: string; extensions: { code: string } }[] }>();
    expect(errors[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
  });

  it('introspects only with a token', async () => {
    const reply = await api.graphql('{ __schema { queryType { name } } }', undefined, null);
    expect(reply.status).toBe(401);
    expect(reply.data).toBeUndefined();
  });
});

describe('GraphQL with introspection off', () => {
  let api: ApiFixture;
  beforeAll(async () => {
    api = await startApi({ config: { introspection: false } });
  });
  afterAll(() => api.close());

  it('neither introspects nor suggests', async () => {
    const introspected = await api.graphql('{ __schema { types { name } } }');
    expect(introspected.status).toBe(400);
    const misspelt = await api.graphql('{ finding(id: "x") { severit } target(id: "x", nam: 1) { id } }');
    expect(misspelt.errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(misspelt.errors)).not.toMatch(/did you mean/i);
    const variable = await api.graphql(
      'mutation ($input: CreateCredentialInput!) { createCredential(input: $input) { id } }',
      { input: { name: 'x', kind: 'BASI', secret: {}, nam: 1 } },
    );
    expect(JSON.stringify(variable.errors)).not.toMatch(/did you mean/i);
  });

  it('serves no explorer', async () => {
    const page = await api.rest('GET', '/graphql', { token: null, headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(405);
    expect((await api.rest('GET', '/graphql/explorer.js', { token: null })).statusCode).toBe(404);
    expect((await api.rest('GET', '/', { token: null })).body).not.toContain('/graphql');
  });
});
