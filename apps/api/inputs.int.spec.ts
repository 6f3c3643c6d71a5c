import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isInputObjectType,
  Kind,
  parse,
  print,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type IntrospectionQuery,
  type OperationDefinitionNode,
} from 'graphql';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlCall, restCall } from './testing/operation-calls.js';
import { BOOTSTRAP, startRealApi, type RealApi } from './testing/real-api.js';

/** What somebody would like to set beside what may be set. */
const ASSIGNED: Readonly<Record<string, unknown>> = {
  tenantId: 'acme',
  role: 'admin',
  scope: 'ADMIN',
  isAdmin: true,
  status: 'APPROVED',
  approvedBy: 'bootstrap',
  protected: false,
  createdBy: 'bootstrap',
  hash: 'a'.repeat(64),
  target_ids: null,
};
const operations = Object.entries(OPERATIONS) as [OperationName, OperationSpec][];

describe('mass assignment', () => {
  let server: TestDatabase;
  let api: RealApi;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    server = await testDatabase();
    api = await startRealApi(server.url);
    schema = buildClientSchema((await api.graphql(getIntrospectionQuery())).body.data as IntrospectionQuery);
  });
  afterAll(async () => {
    await api.stop();
    await server.drop();
  });

  it.each(operations)('Q3: %s refuses a field that it does not know, over REST', async (name, spec) => {
    const { method, path, body } = restCall(name);
    const known = 'shape' in spec.input ? Object.keys(spec.input.shape as object) : [];
    for (const [field, value] of Object.entries(ASSIGNED).filter(([one]) => !known.includes(one))) {
      const reply =
        method === 'GET'
          ? await api.rest(method, `${path}${path.includes('?') ? '&' : '?'}${field}=${String(value)}`)
          : await api.rest(method, path, { body: { ...(body as object), [field]: value } });
      expect([reply.status, reply.body.code], `${field}: ${JSON.stringify(reply.body)}`).toEqual([
        400,
        'BAD_USER_INPUT',
      ]);
      expect(JSON.stringify(reply.body.faults)).toContain(field);
    }
  });

  it.each(operations)(
    'Q3: %s refuses a field that it does not know, over GraphQL',
    async (name, { kind }) => {
      const call = graphqlCall(schema, kind, name);
      const field = (kind === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields()[name];
      const inputs = (field?.args ?? []).filter(({ type }) => isInputObjectType(getNamedType(type)));
      const asked = [tampered(call, null), ...inputs.map((input) => tampered(call, input.name))];
      for (const query of asked) {
        const { status, body } = await api.graphql(query);
        expect([status, body.errors?.[0]?.extensions.code], query).toEqual([400, 'BAD_USER_INPUT']);
        expect(JSON.stringify(body.errors)).toContain('tenantId');
      }
    },
  );

  it('Q3: refuses fields of prototypes, and fields within fields', async () => {
    const target = { name: 'acme', ec2: { regions: ['eu-west-1'] } };
    for (const body of [
      '{"name": "acme", "ec2": {"regions": ["eu-west-1"]}, "__proto__": {"mode": "WRITE"}}',
      '{"name": "acme", "ec2": {"regions": ["eu-west-1"]}, "constructor": {"prototype": {"mode": "WRITE"}}}',
      '{"name": "acme", "ec2": {"regions": ["eu-west-1"], "__proto__": {"roleArn": "x"}}}',
      JSON.stringify({ ...target, ec2: { ...target.ec2, tenantId: 'acme' } }),
      JSON.stringify({ ...target, labels: [{ key: 'a', value: 'b', protected: true }] }),
    ]) {
      const reply = await fetch(`${api.url}/api/v1/targets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${BOOTSTRAP}`, 'content-type': 'application/json' },
        body,
      });
      expect(reply.status, body).toBe(400);
    }
    expect((await api.rest('GET', '/targets')).body.items).toEqual([]);
  });
});

/** The call with `tenantId` as one more argument of it, or as one more field of the argument of that name. */
function tampered(call: string, input: string | null): string {
  const document = parse(call, { noLocation: true });
  const [more] = argumentsOf(parse(`{ any(tenantId: "acme", ${input ?? 'any'}: { tenantId: "acme" }) }`));
  const added = argumentsOf(parse(`{ any(${input ?? 'any'}: { tenantId: "acme" }) }`));
  let depth = 0;
  return print(
    visit(document, {
      Field: {
        enter: (field) => {
          depth += 1;
          if (depth > 1) return undefined;
          const given = field.arguments ?? [];
          if (input === null) return { ...field, arguments: [...given, more] };
          const known = given.find(({ name }) => name.value === input);
          if (known?.value.kind !== Kind.OBJECT) return { ...field, arguments: [...given, ...added] };
          const fields = [...known.value.fields, { ...more, kind: Kind.OBJECT_FIELD }];
          const changed = { ...known, value: { ...known.value, fields } };
          return { ...field, arguments: given.map((one) => (one === known ? changed : one)) };
        },
      },
    }),
  );
}

function argumentsOf(document: DocumentNode): readonly ArgumentNode[] {
  const [operation] = document.definitions as readonly OperationDefinitionNode[];
  return (operation?.selectionSet.selections[0] as FieldNode).arguments ?? [];
}
