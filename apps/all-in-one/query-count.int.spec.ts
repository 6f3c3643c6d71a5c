import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AesSecretBox,
  Authenticate,
  createHandlers,
  HmacLinkSigner,
  Operations,
  type ReportFiles,
  type UseCaseDependencies,
} from '#application';
import { memoryEnvironment } from '#connector-kit';
import { createConnectors } from '#connectors';
import { createNotificationSender } from '#notifications';
import { createLogger } from '#observability';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '../api/create-api.js';

const TOKEN = 'twd_query-count-0123456789abcdefghijklmnopqrstuvwxyz';
const TARGETS = 50;
const clock = { now: () => new Date() };

const LISTS = {
  targets: `targets(first: $first) {
    totalCount
    edges { node { name openFindings credential { name } lastScan { status target { name } } } }
  }`,
  findings: 'findings(first: $first) { totalCount edges { node { ruleId target { name } } } }',
  resources: `resources(first: $first) {
    totalCount
    edges { node { resource digests tags { name manifest { layers } target { name } } target { name } } }
  }`,
  tags: 'tags(first: $first) { totalCount edges { node { name manifest { digest layers } target { name } } } }',
};
const ALL = Object.values(LISTS).join(' ');
/** Four lists, their totals, and the six kinds of edge. Targets and manifests are asked for at several depths: once for each at most. */
const MOST_STATEMENTS = 17;

interface Screen {
  readonly targets: Connection<{
    name: string;
    credential: { name: string };
    lastScan: { status: string; target: { name: string } };
  }>;
  readonly findings: Connection<{ target: { name: string } }>;
  readonly resources: Connection<{ digests: string[]; tags: { name: string }[]; target: { name: string } }>;
  readonly tags: Connection<{ manifest: { digest: string; layers: number } | null }>;
}
interface Connection<T> {
  readonly totalCount: number;
  readonly edges: { readonly node: T }[];
}

describe('the SQL statements of one GraphQL query', () => {
  let server: TestDatabase;
  let database: PostgresDatabase;
  let api: NestFastifyApplication;
  beforeAll(async () => {
    server = await testDatabase();
    database = await openDatabase({ poolConfig: server.poolConfig });
    await database.migrate();
    for (let n = 0; n < TARGETS; n++) await fill(database, n);
    api = await apiOn(database);
  });
  afterAll(async () => {
    await api.close();
    await database.close();
    await server.drop();
  });

  it.each(Object.entries(LISTS))('are the same for 50 rows of %s as for 5', async (_name, list) => {
    const few = await statementsOf(() => ask(api, list, 5));
    const many = await statementsOf(() => ask(api, list, TARGETS));

    expect(few.statements.length).toBeGreaterThan(2);
    expect(many.statements).toEqual(few.statements);
  });

  it('are one for statistics over all targets, and one for the history of their score', async () => {
    const stats = 'findingStats(groupBy: LABEL) { group } scoreHistory { at } me { subject }';
    const { statements } = await statementsOf(() =>
      ask(api, `${stats} targets(first: $first) { edges { cursor } }`, 5),
    );
    expect(statements).toHaveLength(3);
  });

  it.each([5, TARGETS])('are few when one query asks for everything, at %i rows', async (rows) => {
    const { answer, statements } = await statementsOf(() => ask(api, ALL, rows));

    const { targets, findings, resources, tags } = answer;
    expect([targets, findings, resources].map(({ totalCount }) => totalCount)).toEqual([50, 50, 50]);
    // Every row has an edge of its own: no statement is spared because rows share what they point at.
    expect(new Set(targets.edges.map(({ node }) => node.credential.name)).size).toBe(rows);
    expect(targets.edges.every(({ node }) => node.lastScan.target.name === node.name)).toBe(true);
    expect(new Set(findings.edges.map(({ node }) => node.target.name)).size).toBe(rows);
    expect(resources.edges.filter(({ node }) => node.tags.length === 2)).toHaveLength(rows);
    expect(new Set(resources.edges.flatMap(({ node }) => node.digests)).size).toBe(rows);
    const known = tags.edges.flatMap(({ node: { manifest } }) => manifest ?? []);
    expect(known.map(({ digest }) => digest)).toEqual(known.map(({ layers }) => `sha256:${layers}`));
    expect(new Set(known.map(({ layers }) => layers)).size).toBeGreaterThan(rows / 3);
    expect(statements.length).toBeLessThanOrEqual(MOST_STATEMENTS);
  });
});

async function ask(api: NestFastifyApplication, lists: string, first: number): Promise<Screen> {
  const reply = await api.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${TOKEN}` },
    payload: { query: `query Screen($first: Int!) { ${lists} }`, variables: { first } },
  });
  const { data, errors } = reply.json<{ data: Screen; errors?: unknown }>();
  expect(errors).toBeUndefined();
  return data;
}

/** What went over any connection of the process, without the set-up of connections; lists of parameters count as one. */
async function statementsOf(
  run: () => Promise<Screen>,
): Promise<{ answer: Screen; statements: readonly string[] }> {
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const answer = await run();
    const statements = sent.mock.calls.map(([query]) => textOf(query)).filter((text) => !/^set /.test(text));
    return { answer, statements: statements.map((text) => text.replace(/\$\d+(?:, \$\d+)*/g, '$')).sort() };
  } finally {
    sent.mockRestore();
  }
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}

async function fill(database: PostgresDatabase, n: number): Promise<void> {
  const id = `credential-${n}`;
  await database.stores.credentials.insert({ id, name: id, kind: 'AWS_ACCESS_KEY', sealedSecret: 'sealed' });
  await database.stores.content.put(
    new Map([[`sha256:${n}`, { mediaType: 'application/vnd.oci.image.manifest.v1+json', layers: n }]]),
  );
  const target = await storedTarget(database, { name: `target ${n}`, credentialId: id });
  await runScan(database, {
    targetId: target.id,
    units: [
      {
        unit: { scope: 'eu-central-1', resourceType: 'instance' },
        resources: [aResource(`i-${n}`, [aTag('enviroment'), aTag('latest', null, `sha256:${n}`)])],
        faults: [aFault(`fault-${n}`, { resource: `i-${n}` })],
      },
    ],
  });
}

async function apiOn(database: PostgresDatabase): Promise<NestFastifyApplication> {
  const logger = createLogger({ logLevel: 'silent' });
  const deps: UseCaseDependencies = {
    database,
    readModels: database.readModels,
    connectors: createConnectors(memoryEnvironment()),
    scanQueue: { enqueue: async () => {} },
    laneQueue: { enqueue: async () => {} },
    reportQueue: { enqueue: async () => {} },
    deliveryQueue: { enqueue: async () => {} },
    notificationSender: createNotificationSender({
      outbound: memoryEnvironment().outbound,
      publicUrl: 'http://127.0.0.1',
      smtp: null,
    }),
    secretBox: new AesSecretBox(Buffer.alloc(32, 7)),
    linkSigner: new HmacLinkSigner(Buffer.alloc(32, 7)),
    clock,
    logger,
    detailsKeptMs: 90 * 24 * 60 * 60 * 1_000,
    certificates: { certificate: async () => '' },
  };
  const authenticate = new Authenticate(database.stores.apiTokens, clock, TOKEN);
  const app = await createApi({
    config: {
      publicUrl: 'http://127.0.0.1',
      introspection: true,
      corsOrigins: [],
      trustProxy: false,
      version: '0.0.0',
    },
    operations: new Operations(createHandlers(deps)),
    readModels: database.readModels,
    signals: database.signals,
    authenticate: (token) => authenticate.execute(token),
    health: { ready: async () => ({ ok: true, checks: {} }) },
    reportFiles: NO_FILES,
    openReportLink: () => Promise.reject(new Error('this test opens no link')),
    receiveDelivery: { execute: async () => ({ scanIds: [] }) },
    logger,
  });
  return app;
}

const NO_FILES: ReportFiles = {
  write: () => Promise.reject(new Error('this test makes no report')),
  path: async () => null,
  remove: async () => {},
};
