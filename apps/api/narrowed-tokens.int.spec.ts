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
  getNamedType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlCall, idFields, requiredIdFields, restCall, type Given } from './testing/operation-calls.js';
import { makePlace, nowhere, type Place } from './testing/places.js';
import { BOOTSTRAP, startRealApi, type Answer, type RealApi } from './testing/real-api.js';
import { subscribe } from './testing/subscribe.js';

/** Names and ids of what belongs to no target. */
const OF_NO_TARGET = ['ruleIds', 'credentialId'];
/** Queries that speak of no target, whoever asks. */
const SILENT: readonly OperationName[] = ['me', 'rulePacks', 'rulePack', 'validateRulePack', 'checkTags'];

const operations = Object.entries(OPERATIONS) as [OperationName, OperationSpec][];
const filtered = operations.filter(([, { narrowed }]) => narrowed === 'filtered');
const byId = filtered.flatMap(([name, spec]) =>
  idFields(name)
    .filter((field) => !OF_NO_TARGET.includes(field))
    .map((field) => [name, field, spec] as const),
);

let server: TestDatabase;
let api: RealApi;
let schema: GraphQLSchema;
let own: Place;
let narrow: string;
let places = 0;
const anotherPlace = () => makePlace(api.backends, `other-${++places}`);

beforeAll(async () => {
  server = await testDatabase();
  api = await startRealApi(server.url);
  schema = buildClientSchema((await api.graphql(getIntrospectionQuery())).body.data as IntrospectionQuery);
  own = await makePlace(api.backends, 'own');
  narrow = newApiToken();
  await api.backends.database.stores.apiTokens.insert({
    ...{ name: 'narrow', prefix: apiTokenPrefix(narrow), hash: hashApiToken(narrow) },
    ...{ scopes: SCOPES, targetIds: [idOf(own.ids, 'targets')], expiresAt: null },
  });
});
afterAll(async () => {
  await api.stop();
  await server.drop();
});

function idOf(ids: Place['ids'], kind: string): string {
  const id = ids[kind];
  if (id !== undefined) return id;
  throw new Error(
    `makePlace makes nothing of the kind ${kind}: give it one, so that operations on it are tried`,
  );
}

/** `id` is of the operation's noun; `targetId`, `findingIds` say it themselves. */
function kindOf(field: string, { noun }: OperationSpec): string {
  return field === 'id' ? noun : `${field.replace(/Ids?$/, '')}s`;
}

/** The place's ids for one field, own ones for all others that have to be there. */
function given(name: OperationName, field: string, ids: Place['ids']): Given {
  return { ...ownIds(name), [field]: valueOf(name, field, ids) };
}

function ownIds(name: OperationName): Given {
  return Object.fromEntries(requiredIdFields(name).map((field) => [field, valueOf(name, field, own.ids)]));
}

function valueOf(name: OperationName, field: string, ids: Place['ids']): string | string[] {
  const id = idOf(ids, kindOf(field, OPERATIONS[name]));
  return field.endsWith('Ids') ? [id] : id;
}

async function askRest(name: OperationName, token: string, input: Given): Promise<Answer> {
  const { method, path, body } = restCall(name, input);
  const counted = `${path}${path.includes('?') ? '&' : '?'}total=true`;
  return api.rest(method, OPERATIONS[name].paged ? counted : path, { token, body });
}
async function askGraphql(name: OperationName, token: string, input: Given): Promise<Answer> {
  return api.graphql(graphqlCall(schema, OPERATIONS[name].kind, name, input), token);
}

/** An answer but for the ids that were asked for and those of the request. */
function masked({ status, body }: Answer, ids: Place['ids']): string {
  const text = JSON.stringify([status, body]).replace(/"requestId":"[^"]*"/g, '');
  return Object.values(ids).reduce((masking, id) => masking.replaceAll(id, 'ID'), text);
}

describe('a token narrowed to a target', () => {
  it.each(byId)('Q1: %s answers for a foreign %s as for an unknown one', async (name, field) => {
    const [foreign, unknown] = [await anotherPlace(), nowhere()];
    for (const ask of [askGraphql, askRest]) {
      const seen = await ask(name, narrow, given(name, field, foreign.ids));
      const missing = await ask(name, narrow, given(name, field, unknown));
      expect(masked(seen, foreign.ids)).toBe(masked(missing, unknown));
      expect(JSON.stringify(seen.body)).not.toContain(foreign.marker);
      expect(seen.status).toBeLessThan(500);
    }
    // To whoever may see it, it is there: the sameness above says something.
    for (const ask of [askGraphql, askRest]) {
      const there = await anotherPlace();
      const found = masked(await ask(name, BOOTSTRAP, given(name, field, there.ids)), there.ids);
      expect(found).not.toBe(masked(await ask(name, BOOTSTRAP, given(name, field, unknown)), unknown));
    }
  });

  it('Q1: sees of every list and number what it would see if its targets were all there are', async () => {
    const queries = filtered.filter(([, { kind }]) => kind === 'query').map(([name]) => name);
    const seenBy = async (token: string) => {
      const seen = new Map<OperationName, string>();
      for (const name of queries) {
        const answers = [
          await askGraphql(name, token, ownIds(name)),
          await askRest(name, token, ownIds(name)),
        ];
        seen.set(name, answers.map((answer) => masked(answer, {})).join());
      }
      return seen;
    };

    const [before, beforeToAdmin] = [await seenBy(narrow), await seenBy(BOOTSTRAP)];
    const other = await anotherPlace();
    const [after, afterToAdmin] = [await seenBy(narrow), await seenBy(BOOTSTRAP)];

    for (const name of queries) expect(after.get(name), name).toBe(before.get(name));
    expect([...after.values()].join()).not.toContain(other.marker);
    // Whoever may see all of it sees it come, in whatever does not ask for one thing: the sameness above says something.
    const speaking = queries.filter((name) => !SILENT.includes(name) && requiredIdFields(name).length === 0);
    for (const name of speaking) expect(afterToAdmin.get(name), name).not.toBe(beforeToAdmin.get(name));
  });

  it.each(['/scans/{scans}/events', '/scans/{scans}/findings', '/reports/{reports}/files/html'])(
    'Q1, E3: GET %s answers for a foreign id as for an unknown one',
    async (address) => {
      const [foreign, unknown] = [await anotherPlace(), nowhere()];
      const path = (ids: Place['ids']) => address.replace(/\{(\w+)\}/, (_, kind: string) => idOf(ids, kind));
      const seen = await api.rest('GET', path(foreign.ids), { token: narrow });
      const missing = await api.rest('GET', path(unknown), { token: narrow });
      expect(seen.status).toBe(404);
      expect(masked(seen, foreign.ids)).toBe(masked(missing, unknown));
      expect((await api.rest('GET', path(foreign.ids))).status).toBe(200);
      expect((await api.rest('GET', path(own.ids), { token: narrow })).status).toBe(200);
    },
  );

  it('E3: no way of writing a path leads to the file of a foreign report', async () => {
    const [foreign, mine] = [(await anotherPlace()).ids['reports'], own.ids['reports']];
    for (const path of [
      `/reports/${mine}/files/..%2f..%2f${foreign}%2freport.html`,
      `/reports/${mine}%2f..%2f${foreign}/files/html`,
      `/reports/..%2f${foreign}/files/html`,
      `/reports/${foreign}/files/html%00`,
      `/reports/${foreign}/files/html?signature=x&expires=9999999999`,
    ]) {
      expect((await api.rest('GET', path, { token: narrow })).status, path).toBe(404);
    }
  });

  it('Q1: neither leads a target elsewhere nor gives it a credential: what it may not read could be sent there', async () => {
    const secret = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
    const credential = { name: 'foreign', kind: 'AWS_ACCESS_KEY', secret };
    const { id } = (await api.rest('POST', '/credentials', { body: credential })).body;
    expect(id).toBeDefined();
    const path = `/targets/${own.ids['targets']}`;
    for (const body of [
      { credentialId: id },
      { credentialId: crypto.randomUUID() },
      { ec2: { regions: ['eu-central-1'], endpoint: 'https://collector.example.com' } },
    ]) {
      const refused = await api.rest('PATCH', path, { token: narrow, body });
      expect([refused.status, refused.body.reason], JSON.stringify(body)).toEqual([403, 'SCOPE_MISSING']);
    }
    const labels = [{ key: 'team', value: 'own' }];
    expect((await api.rest('PATCH', path, { token: narrow, body: { labels } })).status).toBe(200);
    expect((await api.rest('PATCH', path, { body: { ec2: { regions: ['eu-west-1'] } } })).status).toBe(200);
  });

  it('Q1: every subscription answers for a foreign id as for an unknown one', async () => {
    const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
    expect(fields.map(({ name }) => name)).toContain('scanProgress');
    for (const { name, type } of fields) {
      const kind = `${getNamedType(type).name.toLowerCase()}s`;
      const [foreign, unknown] = [await anotherPlace(), nowhere()];
      const ask = (ids: Place['ids'], token: string) =>
        subscribe(api.url, graphqlCall(schema, 'subscription', name, { id: idOf(ids, kind) }), token);
      const said = async (ids: Place['ids']) => {
        const { code, first } = await ask(ids, narrow);
        return [code, masked({ status: 0, headers: new Headers(), body: first }, ids)];
      };
      expect(await said(foreign.ids)).toEqual(await said(unknown));
      expect((await said(foreign.ids))[0]).toBe('NOT_FOUND');
      expect((await ask(foreign.ids, BOOTSTRAP)).code).toBeNull();
    }
  });
});
