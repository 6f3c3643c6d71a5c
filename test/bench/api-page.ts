import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { startBareServer } from './bare-server.js';
import type { BenchRow } from './bench-row.js';
import { MeasuredService } from './measured-service.js';
import { makePageWorld, type PageWorld } from './page-world.js';

const SIZE = Number(process.env['TAGWARD_BENCH_FINDINGS'] ?? 1_000_000);
const CLIENTS = 100;
const REQUESTS = 2_000;
const ROUNDS = 3;
/** Of a single client, for each list. */
const LOOKS = 15;

interface Times {
  /** Milliseconds of all requests by their number. */
  readonly each: number;
  readonly p99: number;
}

interface Ask {
  readonly path: string;
  readonly body?: string;
}

/**
 * Pages of 50 through the built API beside Fastify and pg alone with the same query, 100 clients; and of every order and common filter the
 * page at the start, in the middle and at the end.
 */
export async function benchApiPage(databaseUrl: string): Promise<BenchRow[]> {
  const world = await makePageWorld(databaseUrl, SIZE);
  const folder = await mkdtemp(join(tmpdir(), 'tagward-pages-'));
  const service = await MeasuredService.startApi(folder, databaseUrl);
  const bare = await startBareServer('api-page-bare', databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const cursors = await Promise.all([0.25, 0.5, 0.75].map((share) => cursorAt(client, share)));
    return [...(await besideBare(service, bare.url, cursors)), ...(await ends(service, client, world))];
  } finally {
    await client.end();
    bare.child.kill();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function besideBare(
  service: MeasuredService,
  bare: string,
  cursors: readonly Place[],
): Promise<BenchRow[]> {
  const rest = cursors.map(({ cursor }) => ({
    path: `/api/v1/findings?first=50&states=OPEN&after=${cursor}`,
  }));
  const graphql = cursors.map(({ cursor }) => ({
    path: '/graphql',
    body: JSON.stringify({ query: GRAPHQL, variables: { after: cursor } }),
  }));
  const least = cursors.map(({ urgency, key }) => ({ path: `/findings?after=${urgency}%20${key}` }));
  const clients = {
    bare: new Pool(bare, { connections: CLIENTS }),
    ours: new Pool(service.url, { connections: CLIENTS }),
  };
  const runs: Record<'bare' | 'rest' | 'graphql', Times[]> = { bare: [], rest: [], graphql: [] };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bareTimes = await load(clients.bare, least);
      const restTimes = await load(clients.ours, rest, service.headers);
      const graphqlTimes = await load(clients.ours, graphql, service.headers);
      // The first round is there to warm up.
      if (round === 0) continue;
      runs.bare.push(bareTimes);
      runs.rest.push(restTimes);
      runs.graphql.push(graphqlTimes);
    }
  } finally {
    await Promise.all([clients.bare.close(), clients.ours.close()]);
  }
  const of = (which: keyof typeof runs, what: keyof Times) => median(runs[which].map((one) => one[what]));
  const what = `API page: 50 of ${SIZE.toLocaleString('en')} findings`;
  return [
    row(`${what}, REST, beside Fastify and pg`, of('rest', 'each'), of('bare', 'each'), '<= 1.5'),
    row(`${what}, GraphQL, beside Fastify and pg`, of('graphql', 'each'), of('bare', 'each'), '<= 2.5'),
    row(`${what}, REST, p99 at ${CLIENTS} clients`, of('rest', 'p99'), of('bare', 'p99'), '< 150 ms'),
    row(`${what}, GraphQL, p99 at ${CLIENTS} clients`, of('graphql', 'p99'), of('bare', 'p99'), '< 150 ms'),
  ];
}

const FIELDS =
  'id scope ruleId rulePack severity state resource tag value message suggestion fixable blocked fixAtSource flapping timesReopened evidence firstSeenAt lastSeenAt resolvedAt suppression { reason by at until }';
const GRAPHQL = `query ($after: String) {
  findings(filter: { states: [OPEN] }, orderBy: SEVERITY_DESC, first: 50, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { ${FIELDS} } }
  }
}`;

/** The lists that screens ask for, by the name of their cursor; `from` and the keys find the cursors in the middle and at the end. */
function listsOf({ targets: [large, middle, small] }: PageWorld) {
  const findings = (name: string, query: string, where: string, order = 'SEVERITY_DESC') => ({
    name: `findings, ${name}`,
    path: `/findings?first=50&orderBy=${order}${query}`,
    cursor: `findings ${order}`,
    from: `tagward.finding f where ${where}`,
    keys: order === 'SEVERITY_DESC' ? ['f.urgency', 'f.key'] : ['f.first_seen_at', 'f.key'],
  });
  const tags = (name: string, query: string, where: string) => ({
    name: `tags, ${name}`,
    path: `/tags?first=50${query}`,
    cursor: 'tags',
    from: `tagward.tag t join tagward.read_part p on p.id = t.part_id where t.missing_since is null and ${where}`,
    keys: ['t.id'],
  });
  const open = `f.state = 'OPEN'`;
  const seen = 'FIRST_SEEN_ASC';
  return [
    findings('all', '', 'true'),
    findings('open', '&states=OPEN', open),
    findings('suppressed', '&states=SUPPRESSED', `f.state = 'SUPPRESSED'`),
    findings(
      'open of the largest target',
      `&states=OPEN&targetIds=${large}`,
      `${open} and f.target_id = '${large}'`,
    ),
    findings(
      'open of the smallest target',
      `&states=OPEN&targetIds=${small}`,
      `${open} and f.target_id = '${small}'`,
    ),
    findings('open and low', '&states=OPEN&severities=LOW', `${open} and f.urgency = 3`),
    findings('open of one rule', '&states=OPEN&ruleIds=twice', `${open} and f.rule_id = 'twice'`),
    findings('open, by first seen', '&states=OPEN', open, seen),
    findings(
      'open of the smallest target, by first seen',
      `&states=OPEN&targetIds=${small}`,
      `${open} and f.target_id = '${small}'`,
      seen,
    ),
    tags('all', '', 'true'),
    tags('of the second target', `&targetIds=${middle}`, `p.target_id = '${middle}'`),
    tags('of the smallest target', `&targetIds=${small}`, `p.target_id = '${small}'`),
    tags('of one repository', '&resource=repository-1', `p.target_id = '${middle}'`),
  ];
}

type List = ReturnType<typeof listsOf>[number];

/** Of each list the slower of the middle and the last page beside the first. */
async function ends(service: MeasuredService, client: pg.Client, world: PageWorld): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const pool = new Pool(service.url, { connections: 1 });
  try {
    for (const list of listsOf(world)) {
      const { middle, last } = await placesOf(client, list);
      const time = async (after: string): Promise<number> => {
        const times: number[] = [];
        for (let look = 0; look < LOOKS; look += 1) {
          const began = performance.now();
          await answer(pool, { path: `/api/v1${list.path}${after}` }, service.headers);
          times.push(performance.now() - began);
        }
        return median(times);
      };
      const first = await time('');
      const later = Math.max(await time(`&after=${middle}`), await time(`&after=${last}`));
      rows.push(
        row(`API page: ${list.name}: later pages beside the first`, later, first, '<= 1.5, or < 20 ms'),
      );
    }
  } finally {
    await pool.close();
  }
  return rows;
}

interface Place {
  readonly urgency: number;
  readonly key: number;
  readonly cursor: string;
}

async function cursorAt(client: pg.Client, share: number): Promise<Place> {
  const { rows } = await client.query<{ urgency: number; key: string }>(
    `select urgency, key from tagward.finding where state = 'OPEN' order by urgency, key offset $1 limit 1`,
    [Math.floor(SIZE * 0.97 * share)],
  );
  const { urgency = 0, key = '0' } = rows[0] ?? {};
  return { urgency, key: Number(key), cursor: cursorOf('findings SEVERITY_DESC', [urgency, Number(key)]) };
}

async function placesOf(client: pg.Client, { from, keys, cursor }: List) {
  const { rows: counted } = await client.query<{ count: string }>(`select count(*) from ${from}`);
  const count = Number(counted[0]?.count);
  const at = async (offset: number): Promise<string> => {
    const order = keys.join(', ');
    const { rows } = await client.query<{ key: unknown[] }>(
      `select json_build_array(${order}) as key from ${from} order by ${order} offset $1 limit 1`,
      [offset],
    );
    const key = (rows[0]?.key ?? []).map((value) =>
      typeof value === 'string' && /^\d{4}-.*T/.test(value) ? new Date(value).toISOString() : value,
    );
    return cursorOf(cursor, key);
  };
  return { middle: await at(Math.floor(count / 2)), last: await at(Math.max(0, count - 51)) };
}

/** As the API writes them. */
const cursorOf = (name: string, key: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([name, ...key])).toString('base64url');

async function load(pool: Pool, asks: readonly Ask[], headers: Record<string, string> = {}): Promise<Times> {
  const times: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < REQUESTS) {
      const ask = asks[(next += 1) % asks.length];
      const began = performance.now();
      if (ask !== undefined) await answer(pool, ask, headers);
      times.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const each = (performance.now() - began) / times.length;
  times.sort((a, b) => a - b);
  return { each, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

async function answer(pool: Pool, { path, body }: Ask, headers: Record<string, string>): Promise<void> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const reply = await pool.request({ path, method, headers: { ...headers, ...json }, body: body ?? null });
  const text = await reply.body.text();
  if (reply.statusCode !== 200 || text.includes('"errors"'))
    throw new Error(`${path} is answered ${reply.statusCode}: ${text.slice(0, 400)}`);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function row(name: string, ours: number, baseline: number, goal: string): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, goal, unit: 'ms' };
}
