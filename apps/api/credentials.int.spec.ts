import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import { CREDENTIAL_KINDS, type CredentialKind } from '#core';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlCall, restCall, type Given } from './testing/operation-calls.js';
import { startRealApi, type RealApi } from './testing/real-api.js';

const canary = (kind: string, field: string) => `CANARY0${kind.replaceAll('_', '')}0${field.toUpperCase()}`;
const FIELDS: Readonly<Record<CredentialKind, readonly string[]>> = {
  AWS_ACCESS_KEY: ['accessKeyId', 'secretAccessKey', 'sessionToken'],
  BASIC: ['username', 'password'],
  BEARER: ['token'],
  SSH_KEY: ['privateKey', 'passphrase', 'knownHosts'],
  DOCKER_TLS: ['ca', 'cert', 'key'],
  FORGE_TOKEN: ['token'],
};
/** What is shown once, where it is made. */
const SHOWN_ONCE = ['CreatedApiToken.token', 'CreatedWebhook.secret'];
const SECRET_NAME = /secret|password|passphrase|token|private|sealed|hash(?!es)/i;

const operations = Object.entries(OPERATIONS) as [OperationName, OperationSpec][];
const queries = operations.filter(([, { kind }]) => kind === 'query');

describe('credentials', () => {
  let server: TestDatabase;
  let api: RealApi;
  let schema: GraphQLSchema;
  const ids = new Map<string, string>();
  beforeAll(async () => {
    server = await testDatabase();
    api = await startRealApi(server.url);
    schema = buildClientSchema((await api.graphql(getIntrospectionQuery())).body.data as IntrospectionQuery);
    for (const kind of CREDENTIAL_KINDS) {
      const secret = Object.fromEntries(FIELDS[kind].map((field) => [field, canary(kind, field)]));
      const { status, body } = await api.rest('POST', '/credentials', { body: { name: kind, kind, secret } });
      expect(status, JSON.stringify(body)).toBe(201);
      expect(JSON.stringify(body)).not.toContain('CANARY');
      ids.set(kind, body.id as string);
    }
    const target = { name: 'acme', credentialId: ids.get('AWS_ACCESS_KEY'), ec2: { regions: ['eu-west-1'] } };
    expect((await api.rest('POST', '/targets', { body: target })).status).toBe(201);
  });
  afterAll(async () => {
    await api.stop();
    await server.drop();
  });

  it('Q4: are what they are called, of which kind and when they were used; nothing more', async () => {
    const { items } = (await api.rest('GET', '/credentials')).body;
    expect(items).toHaveLength(CREDENTIAL_KINDS.length);
    for (const item of items)
      expect(Object.keys(item as object).sort()).toEqual([
        'createdAt',
        'id',
        'kind',
        'lastUsedAt',
        'name',
        'rotatedAt',
      ]);
  });

  it.each(queries)('Q4: %s shows no secret, whatever is asked of it', async (name) => {
    const given: Given = { id: ids.get('BASIC') ?? '' };
    const answers = [(await api.graphql(graphqlCall(schema, 'query', name, given))).body];
    const { method, path, body } = restCall(name, given);
    for (const accept of ['application/json', 'application/x-ndjson', 'text/csv'])
      answers.push((await api.rest(method, path, { body, headers: { accept } })).body);
    expect(JSON.stringify(answers)).not.toContain('CANARY');
  });

  it('Q4: are not found, sorted or filtered by their secret', async () => {
    const secret = canary('BEARER', 'token');
    for (const query of [
      `secret=${secret}`,
      `search=${secret}`,
      'orderBy=secret',
      'sort=sealedSecret',
      'fields=secret',
    ])
      expect((await api.rest('GET', `/credentials?${query}`)).status, query).toBe(400);
    const called = (await api.rest('GET', `/targets?search=${secret}`)).body;
    expect(called.items).toEqual([]);
  });

  it('Q4: stay unseen in what is said of a wrong, a taken, a rotated and a removed one', async () => {
    const said: unknown[] = [];
    const say = async (...call: Parameters<RealApi['rest']>) => said.push((await api.rest(...call)).body);
    const secret = { username: 'CANARY-user', password: 'CANARY-password', more: 'CANARY-more' };
    await say('POST', '/credentials', { body: { name: 'wrong', kind: 'BASIC', secret } });
    await say('POST', '/credentials', { body: { name: 'wrong', kind: 'AWS_ACCESS_KEY', secret } });
    await say('POST', '/credentials', {
      body: { name: 'BEARER', kind: 'BEARER', secret: { token: 'CANARY-taken' } },
    });
    await say('PUT', `/credentials/${ids.get('BEARER')}/secret`, {
      body: { secret: { token: 'CANARY-rotated' } },
    });
    await say('PUT', `/credentials/${ids.get('BEARER')}/secret`, { body: { secret: 'CANARY-text' } });
    await say('DELETE', `/credentials/${ids.get('AWS_ACCESS_KEY')}`);
    const input = '{ name: "g", kind: BASIC, secret: { username: "CANARY-g", passwort: "CANARY-h" } }';
    said.push((await api.graphql(`mutation { createCredential(input: ${input}) { id } }`)).body);
    said.push((await api.rest('GET', '/audit-events?first=200')).body);
    expect(said).toHaveLength(8);
    expect(JSON.stringify(said)).not.toContain('CANARY');
    expect(api.logLines.join()).not.toContain('CANARY');
  });

  it('Q4: no answer has a field for a secret, but those that show a new one once', async () => {
    const roots = ['Query', 'Mutation', 'Subscription'];
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter(({ name }) => !name.startsWith('__') && !roots.includes(name))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    expect(fields.filter(isForSecrets).sort()).toEqual([...SHOWN_ONCE].sort());

    const document = await (await fetch(`${api.url}/api/docs/json`)).json();
    const schemas = document.components.schemas as Record<string, { properties?: object }>;
    const properties = Object.entries(schemas).flatMap(([type, { properties: known = {} }]) =>
      Object.keys(known).map((field) => `${type}.${field}`),
    );
    expect(properties.length).toBeGreaterThan(100);
    expect(properties.filter(isForSecrets).sort()).toEqual([...SHOWN_ONCE].sort());
  });
});

/** Called so, and no secrets: links of the audit log, the seal of a plan, a token without its text, a time. */
const NO_SECRETS = [
  ...['AuditEvent.hash', 'AuditEvent.previousHash', 'Plan.hash'],
  ...['CreatedApiToken.apiToken', 'Webhook.previousSecretUntil'],
];

function isForSecrets(field: string): boolean {
  return SECRET_NAME.test(field.split('.')[1] ?? '') && !NO_SECRETS.includes(field);
}
