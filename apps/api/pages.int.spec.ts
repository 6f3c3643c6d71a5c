import {
  apiTokenPrefix,
  hashApiToken,
  newApiToken,
  OPERATIONS,
  SCOPES,
  type OperationName,
  type OperationSpec,
} from '#application';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requiredIdFields, restCall } from './testing/operation-calls.js';
import { makePlace, type Place } from './testing/places.js';
import { BOOTSTRAP, startRealApi, type RealApi } from './testing/real-api.js';

const paged = (Object.entries(OPERATIONS) as [OperationName, OperationSpec][]).filter(
  ([, spec]) => spec.paged,
);
const lists = paged.filter(([name]) => requiredIdFields(name).length === 0);

describe('pages', () => {
  let server: TestDatabase;
  let api: RealApi;
  let schema: GraphQLSchema;
  let own: Place;
  let narrow: string;
  beforeAll(async () => {
    server = await testDatabase();
    api = await startRealApi(server.url);
    schema = buildClientSchema((await api.graphql(getIntrospectionQuery())).body.data as IntrospectionQuery);
    // Others lie before and after it in every order.
    for (const marker of ['a-other', 'b-other']) await makePlace(api.backends, marker);
    own = await makePlace(api.backends, 'm-own');
    for (const marker of ['x-other', 'z-other']) await makePlace(api.backends, marker);
    narrow = newApiToken();
    await api.backends.database.stores.apiTokens.insert({
      ...{ name: 'narrow', prefix: apiTokenPrefix(narrow), hash: hashApiToken(narrow) },
      ...{ scopes: SCOPES, targetIds: [own.ids['targets'] ?? ''], expiresAt: null },
    });
  });
  afterAll(async () => {
    await api.stop();
    await server.drop();
  });

  const page = (name: OperationName, query: Readonly<Record<string, string>>, token = BOOTSTRAP) => {
    const { path } = restCall(name);
    const search = new URLSearchParams(query);
    return api.rest('GET', `${path}${path.includes('?') ? '&' : '?'}${search}`, { token });
  };
  const connection = (name: OperationName, args: string, token = BOOTSTRAP) =>
    api.graphql(`{ ${name}(${args}) { edges { cursor node { __typename } } } }`, token);

  it.each(paged)('Q9: %s has pages of 1 to 200 rows and refuses all else', async (name) => {
    for (const first of [
      '1000000',
      '201',
      '0',
      '-1',
      'NaN',
      '1.5',
      '1e2',
      '',
      'Infinity',
      '0x10',
      '9'.repeat(40),
    ]) {
      const reply = await page(name, { first });
      expect([reply.status, reply.body.code], first).toEqual([400, 'BAD_USER_INPUT']);
    }
    if (requiredIdFields(name).length > 0) return;
    expect((await page(name, { first: '200' })).status).toBe(200);
    for (const first of ['1000000', '201', '0', '-1', 'NaN', '1.5', '"10"', '99999999999']) {
      const { body } = await connection(name, `first: ${first}`);
      expect(body.errors[0].extensions.code, first).toBe('BAD_USER_INPUT');
    }
  });

  it('Q9: a list within an answer has the same bounds', async () => {
    const hook = { name: 'ci', kind: 'GENERIC', targetIds: [own.ids['targets']] };
    expect((await api.rest('POST', '/webhooks', { body: hook })).status).toBe(201);
    const channel = {
      name: 'ci',
      kind: 'SLACK',
      events: ['SCAN_DONE'],
      address: 'https://example.com/hook',
    };
    expect((await api.rest('POST', '/notification-channels', { body: channel })).body).toMatchObject({
      name: 'ci',
    });
    const tried = {
      'Webhook.deliveries': (inner: string) => `{ webhooks { edges { node { ${inner} } } } }`,
      'NotificationChannel.deliveries': (inner: string) => `{ notificationChannels { ${inner} } }`,
    };
    const nested = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !['Query', 'Mutation', 'Subscription'].includes(type.name))
      .flatMap((type) =>
        isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : [],
      )
      .filter(({ field }) => field.args.some(({ name }) => name === 'first'));
    expect(nested.map(({ type, field }) => `${type.name}.${field.name}`).sort()).toEqual(
      Object.keys(tried).sort(),
    );
    for (const [name, ask] of Object.entries(tried)) {
      for (const first of [1_000_000, 201, 0, -1]) {
        const { body } = await api.graphql(ask(`deliveries(first: ${first}) { edges { cursor } }`));
        expect(body.errors?.[0]?.extensions.code, `${name} of ${first}`).toBe('BAD_USER_INPUT');
      }
      expect(
        (await api.graphql(ask('deliveries(first: 200) { edges { cursor } }'))).body.errors,
      ).toBeUndefined();
    }
  });

  it.each(lists)('Q9: %s refuses a cursor that it did not make', async (name) => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      ...['x', '%00', 'null', '"; drop table tagward.target; --', '../../etc/passwd', 'A'.repeat(2_001)],
      ...[
        encode([name]),
        encode(['nothing', 'a']),
        encode([name, "' or 1=1 --", 1, 2, 3, 4]),
        encode({}),
        encode(null),
      ],
      ...[encode([name, { toString: 'x' }]), encode(['__proto__', 1]), encode([name, -1e308])],
    ];
    for (const after of forged) {
      const reply = await page(name, { after });
      // A cursor only says where to go on: what is well formed may lead somewhere, never to anything else than the list.
      expect([200, 400], `${after}: ${JSON.stringify(reply.body)}`).toContain(reply.status);
      if (reply.status === 400) expect(reply.body.reason).toMatch(/CURSOR_INVALID|INPUT_INVALID/);
    }
    expect((await page(name, { after: 'x' })).body.reason).toBe('CURSOR_INVALID');
  });

  it('Q9: no list takes the cursor of another', async () => {
    const cursors = new Map<OperationName, string>();
    for (const [name] of lists) {
      const cursor: unknown = (await connection(name, 'first: 1')).body.data[name].edges[0]?.cursor;
      if (typeof cursor === 'string') cursors.set(name, cursor);
    }
    expect(cursors.size).toBeGreaterThan(5);
    for (const [name] of lists) {
      for (const [of, after] of cursors) {
        if (of === name) continue;
        const { status, body } = await page(name, { after });
        expect([status, body.reason], `${name} with a cursor of ${of}`).toEqual([400, 'CURSOR_INVALID']);
      }
    }
  });

  it('Q9: another token’s cursor shows a narrowed one nothing but its own', async () => {
    const foreign = lists.filter(([, spec]) => spec.narrowed === 'filtered' && spec.scope !== null);
    expect(foreign.length).toBeGreaterThan(4);
    for (const [name] of foreign) {
      const allowed = (await page(name, { first: '200' }, narrow)).body.items.map((row: unknown) =>
        JSON.stringify(row),
      );
      const { edges } = (await connection(name, 'first: 200')).body.data[name];
      for (const { cursor } of edges) {
        const { status, body } = await page(name, { after: cursor, total: 'true' }, narrow);
        expect(status).toBe(200);
        for (const row of body.items) expect(allowed, name).toContain(JSON.stringify(row));
        expect(body.total).toBe(allowed.length);
      }
    }
  });
});
