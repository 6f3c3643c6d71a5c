import {
  apiTokenPrefix,
  hashApiToken,
  newApiToken,
  OPERATIONS,
  SCOPES,
  type OperationName,
  type OperationSpec,
  type Scope,
} from '#application';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlCall, restCall } from './testing/operation-calls.js';
import { rawRequest } from './testing/raw-request.js';
import { BOOTSTRAP, startRealApi, type Answer, type RealApi } from './testing/real-api.js';
import { subscribe } from './testing/subscribe.js';

/** Written out: what the code implies is what is tried here. */
const IMPLIED: Readonly<Record<Scope, readonly Scope[]>> = {
  READ: ['READ'],
  SCAN: ['SCAN', 'READ'],
  REMEDIATE: ['REMEDIATE', 'READ'],
  ADMIN: ['ADMIN', 'REMEDIATE', 'SCAN', 'READ'],
};

/** Addresses beside the table, by their `operationId`: each is as open as the operation it reads by; null needs no token. */
const BESIDE: Readonly<Record<string, OperationName | null>> = {
  reportFile: 'report',
  scanEvents: 'scan',
  scanFindings: 'scan',
  rulePackSchema: null,
};

interface Caller {
  readonly called: string;
  readonly token: string | null;
  /** null: nobody is let in with it. */
  readonly scopes: readonly Scope[] | null;
  readonly narrowed: boolean;
}
type Verdict = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'ALLOWED';

const operations = Object.entries(OPERATIONS) as [OperationName, OperationSpec][];
const PAST = new Date('2026-01-01T00:00:00Z');

let server: TestDatabase;
let api: RealApi;
let schema: GraphQLSchema;
let callers: readonly Caller[];
beforeAll(async () => {
  server = await testDatabase();
  api = await startRealApi(server.url);
  const { body } = await api.graphql(getIntrospectionQuery());
  schema = buildClientSchema(body.data as IntrospectionQuery);
  callers = await makeCallers();
});
afterAll(async () => {
  await api.stop();
  await server.drop();
});

async function makeCallers(): Promise<Caller[]> {
  const { apiTokens } = api.backends.database.stores;
  const store = async (
    called: string,
    scopes: readonly Scope[],
    more: { expiresAt?: Date; targetIds?: string[] } = {},
  ) => {
    const token = newApiToken();
    const { targetIds = null, expiresAt = null } = more;
    const { id } = await apiTokens.insert({
      ...{ name: called, prefix: apiTokenPrefix(token), hash: hashApiToken(token) },
      ...{ scopes, targetIds, expiresAt },
    });
    return { id, caller: { called, token, scopes, narrowed: targetIds !== null } satisfies Caller };
  };
  const bySet = [[], ...SCOPES.map((scope) => [scope]), ['SCAN', 'REMEDIATE'] as Scope[]];
  const plain = await Promise.all(bySet.map((scopes) => store(`scopes [${scopes.join()}]`, scopes)));
  const narrowed = await store('narrowed to a target', SCOPES, { targetIds: [crypto.randomUUID()] });
  const narrowedToNone = await store('narrowed to nothing', SCOPES, { targetIds: [] });
  const expired = await store('expired', SCOPES, { expiresAt: PAST });
  const revoked = await store('revoked', SCOPES);
  await apiTokens.revoke(revoked.id);
  return [
    { called: 'nobody', token: null, scopes: null, narrowed: false },
    { called: 'a stranger', token: newApiToken(), scopes: null, narrowed: false },
    { ...expired.caller, scopes: null },
    { ...revoked.caller, scopes: null },
    { called: 'bootstrap', token: BOOTSTRAP, scopes: SCOPES, narrowed: false },
    ...[...plain, narrowed, narrowedToNone].map(({ caller }) => caller),
  ];
}

function verdictFor({ scope, narrowed }: OperationSpec, caller: Caller): Verdict {
  if (caller.scopes === null) return 'UNAUTHENTICATED';
  const granted = caller.scopes.flatMap((one) => IMPLIED[one]);
  if (scope !== null && !granted.includes(scope)) return 'FORBIDDEN';
  return narrowed === 'refused' && caller.narrowed ? 'FORBIDDEN' : 'ALLOWED';
}

function saidByGraphql({ body }: Answer): string {
  const code: unknown = body.errors?.[0]?.extensions.code ?? 'ALLOWED';
  // What is let in may find nothing, or be told that its input is wrong; never that something broke.
  const harmless = ['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT', 'UNSUPPORTED', 'LIMIT_EXCEEDED'];
  return harmless.includes(String(code)) ? 'ALLOWED' : String(code);
}

function saidByRest({ status, body }: Answer): string {
  if (status === 401 || status === 403) return String(body.code);
  return status < 405 || [406, 409, 412, 422].includes(status) ? 'ALLOWED' : String(status);
}

const auditHead = async () => (await api.rest('GET', '/audit-events/verify')).body.head as string;

describe('who may do what', () => {
  it.each(operations)('Q2: %s is as open as the table says, through both faces alike', async (name, spec) => {
    const given = { id: crypto.randomUUID(), targetId: crypto.randomUUID(), targetIds: [] };
    const call = graphqlCall(schema, spec.kind, name, given);
    const { method, path, body } = restCall(name, given);
    const ask = async ({ token }: Caller, graphql = call) => ({
      graphql: await api.graphql(graphql, token),
      rest: await api.rest(method, path, { token, body }),
    });
    const isRefused = (caller: Caller) => verdictFor(spec, caller) !== 'ALLOWED';

    const head = await auditHead();
    for (const caller of callers.filter(isRefused)) {
      const expected = verdictFor(spec, caller);
      const { graphql, rest } = await ask(caller, call.replace(`${name}`, `harmless: ${name}`));
      const said = [saidByGraphql(graphql), saidByRest(rest)];
      expect(said, caller.called).toEqual([expected, expected]);
      expect(rest.body.detail).toBe(graphql.body.errors[0].message);
      expect(Object.values(graphql.body.data ?? {})).not.toContainEqual(expect.anything());
    }
    expect(await auditHead(), 'what is refused leaves no event of the operation').toBe(head);
    for (const caller of callers.filter((one) => !isRefused(one))) {
      const { graphql, rest } = await ask(caller);
      const said = [saidByGraphql(graphql), saidByRest(rest)];
      expect(said, JSON.stringify([caller.called, graphql.body, rest.body])).toEqual(['ALLOWED', 'ALLOWED']);
    }
  });

  it('Q2: neither face offers what is not in the table', async () => {
    const fields = (kind: 'Query' | 'Mutation') =>
      Object.keys((schema.getType(kind) as GraphQLObjectType).getFields());
    expect([...fields('Query'), ...fields('Mutation')].sort()).toEqual(Object.keys(OPERATIONS).sort());

    const document = await (await fetch(`${api.url}/api/docs/json`)).json();
    const paths = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>);
    const documented = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(documented.sort()).toEqual([...Object.keys(OPERATIONS), ...Object.keys(BESIDE)].sort());
  });

  it.each(Object.entries(BESIDE))('Q2: the address %s is as open as the operation %s', async (id, read) => {
    const document = await (await fetch(`${api.url}/api/docs/json`)).json();
    const paths = Object.entries(document.paths as Record<string, Record<string, { operationId: string }>>);
    const [address = ''] = paths.find(([, { get }]) => get?.operationId === id) ?? [];
    const path = address.replace('{id}', crypto.randomUUID()).replace('{format}', 'html');
    for (const caller of callers) {
      const reply = await api.rest('GET', path, { token: caller.token });
      const expected = read === null ? 'ALLOWED' : verdictFor(OPERATIONS[read], caller);
      expect(saidByRest(reply), caller.called).toBe(expected);
    }
  });

  it('Q2: every subscription takes a good token with the scope READ', async () => {
    const names = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
    expect(names).toContain('scanProgress');
    for (const name of names) {
      const call = graphqlCall(schema, 'subscription', name, { id: crypto.randomUUID() });
      for (const caller of callers) {
        const said = await subscribe(api.url, call, caller.token);
        // A scan that is not there is what whoever may look is told of.
        const expected = verdictFor(OPERATIONS.scan, caller).replace('ALLOWED', 'NOT_FOUND');
        expect(said.code, `${name} for ${caller.called}`).toBe(expected);
      }
    }
  });

  it('Q12: no door takes a key out of its address, a cookie or another header', async () => {
    const query = `token=${BOOTSTRAP}&access_token=${BOOTSTRAP}&api_key=${BOOTSTRAP}&authorization=Bearer%20${BOOTSTRAP}`;
    const headers = { cookie: `token=${BOOTSTRAP}; access_token=${BOOTSTRAP}`, 'x-api-key': BOOTSTRAP };
    expect((await api.rest('GET', `/me?${query}`, { token: null, headers })).status).toBe(401);
    const body = JSON.stringify({ query: '{ me { subject } }', access_token: BOOTSTRAP });
    const graphql = await fetch(`${api.url}/graphql?${query}`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect(graphql.status).toBe(401);
    const socket = new WebSocket(
      `${api.url.replace('http', 'ws')}/graphql?${query}`,
      'graphql-transport-ws',
      {
        headers,
      },
    );
    const closed = once(socket, 'close');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: BOOTSTRAP } }));
    expect((await closed)[0]).toBe(4401);
    expect(api.logLines.join()).not.toContain(BOOTSTRAP);
  });

  it.each(['/%67raphql', '/graphql/', '//graphql', '/graphql%20', '/GraphQL', '/graphql;x=1', '/./graphql'])(
    'Q2: no spelling of the address leads around the token: %s',
    async (path) => {
      const query = '{ me { subject } __schema { types { name } } }';
      for (const method of ['POST', 'GET'] as const) {
        const isGet = method === 'GET';
        const target = isGet ? `${path}?query=${encodeURIComponent(query)}` : path;
        const reply = await rawRequest(api.url, method, target, isGet ? '' : JSON.stringify({ query }));
        expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
        expect(reply).not.toContain('__schema');
        expect(reply).not.toContain('"data":{');
      }
    },
  );
});
