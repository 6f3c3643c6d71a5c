import { OPERATIONS, SCOPES, type OperationName, type OperationSpec, type Scope } from '#application';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, TOKENS, tokenOf, type ApiFixture } from './testing/api-fixture.js';
import { dummyCall } from './testing/dummy-call.js';

const IMPLIED: Record<Scope, readonly Scope[]> = {
  READ: ['READ'],
  SCAN: ['SCAN', 'READ'],
  REMEDIATE: ['REMEDIATE', 'READ'],
  ADMIN: SCOPES,
};

/** What the table says of one token and one operation. */
function expectedOf(spec: OperationSpec, token: string | null): 'UNAUTHENTICATED' | 'FORBIDDEN' | 'ALLOWED' {
  if (token === null || TOKENS[token] === undefined) return 'UNAUTHENTICATED';
  const { scopes, targetIds } = TOKENS[token];
  const granted = new Set(scopes.flatMap((scope) => IMPLIED[scope]));
  if (spec.scope !== null && !granted.has(spec.scope)) return 'FORBIDDEN';
  return spec.narrowed === 'refused' && targetIds !== null ? 'FORBIDDEN' : 'ALLOWED';
}

const operations = Object.entries(OPERATIONS) as [OperationName, OperationSpec][];
const tokens = [null, 'twd_unknown', tokenOf('none'), ...SCOPES.map(tokenOf), tokenOf('t1')];

describe('who may do what', () => {
  let api: ApiFixture;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    api = await startApi();
    schema = buildClientSchema((await api.graphql(getIntrospectionQuery())).data as IntrospectionQuery);
  });
  afterAll(() => api.close());

  it.each(operations)('%s is on both faces and guarded alike', async (name, spec) => {
    const call = dummyCall(schema, spec.kind, name);
    if (call === null) throw new Error(`${name} is not offered by GraphQL`);
    const url = `/api/v1${spec.rest.path.replace('{id}', 't1').replace('{name}', 'labels').replace('{format}', 'html')}`;
    for (const token of tokens) {
      const expected = expectedOf(spec, token);
      const graphql = await api.graphql(call, undefined, token);
      const rest = await api.rest(spec.rest.method, url, { token });
      const codes = graphql.errors.map(({ extensions }) => extensions['code']);
      const verdict = { token, graphql: codes[0], rest: rest.statusCode };
      if (expected === 'ALLOWED') {
        expect(['UNAUTHENTICATED', 'FORBIDDEN'], JSON.stringify(verdict)).not.toContain(codes[0]);
        expect([401, 403, 405, 500], JSON.stringify(verdict)).not.toContain(rest.statusCode);
      } else {
        const status = expected === 'UNAUTHENTICATED' ? 401 : 403;
        expect(verdict).toEqual({ token, graphql: expected, rest: status });
        expect(rest.json<{ code: string; detail: string }>()).toMatchObject({
          code: expected,
          detail: graphql.errors[0]?.message,
        });
      }
    }
  });

  it('offers nothing that the table does not know', () => {
    const fields = (type: ReturnType<GraphQLSchema['getQueryType']>) => Object.keys(type?.getFields() ?? {});
    const offered = [...fields(schema.getQueryType()), ...fields(schema.getMutationType())].sort();
    expect(offered).toEqual(Object.keys(OPERATIONS).sort());
  });

  it('challenges whoever has no valid token', async () => {
    const none = await api.rest('GET', '/api/v1/me', { token: null });
    expect(none.headers['www-authenticate']).toBe('Bearer realm="tagward"');
    const wrong = await api.graphql('{ me { subject } }', undefined, 'twd_unknown');
    expect(wrong.status).toBe(401);
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="tagward", error="invalid_token"');
  });

  it('Q12: takes a token from the header alone', async () => {
    const reply = await api.rest(
      'GET',
      `/api/v1/me?token=${tokenOf('ADMIN')}&access_token=${tokenOf('ADMIN')}`,
      {
        token: null,
      },
    );
    expect(reply.statusCode).toBe(401);
  });

  it('answers for an invisible target as for an unknown one, on both faces', async () => {
    const asked = async (id: string) => {
      const rest = await api.rest('GET', `/api/v1/targets/${id}`, { token: tokenOf('t1') });
      const graphql = await api.graphql('query ($id: ID!) { target(id: $id) { id } }', { id }, tokenOf('t1'));
      const { requestId: _requestId, ...problem } = rest.json<Record<string, unknown>>();
      return JSON.stringify([rest.statusCode, problem, graphql.data]).replaceAll(id, 'ID');
    };
    expect(await asked('t2')).toBe(await asked('t3'));
    expect(await asked('t2')).toContain('404');
  });

  it('shows no credential through an edge to a token that may not list credentials', async () => {
    const query = '{ target(id: "t1") { credential { name } } }';
    const seen = async (token: string) => (await api.graphql(query, undefined, token)).data.target.credential;
    expect(await seen(tokenOf('ADMIN'))).toEqual({ name: 'reader' });
    expect(await seen(tokenOf('READ'))).toBeNull();
    expect(await seen(tokenOf('t1'))).toBeNull();
  });
});
