import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DetectedFinding, Resource } from '#core';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { copyIn, copyLines } from './copy-in.js';
import type { BenchRow } from './bench-row.js';

const RESOURCES = 10_000;
const TAGS_EACH = 10;
const FINDINGS_EACH = 2;
const BATCH = 1_000;
const ROUNDS = 3;
const UNIT = { scope: '123456789012/eu-central-1', resourceType: 'instance' };
const RULES = [
  { rulePack: 'bench', ruleId: 'spelling' },
  { rulePack: 'bench', ruleId: 'empty' },
];

type Found = DetectedFinding & { readonly id: string };

/**
 * Inventory upsert and findings diff of 100,000 tags, against bare COPY of the same rows into tables of the same shape and indexes; and the
 * rows that a repeat scan without a change writes. Medians of three rounds, each on a target of its own.
 */
export async function benchStore(databaseUrl: string): Promise<readonly BenchRow[]> {
  const ours: number[] = [];
  const baseline: number[] = [];
  const repeat: number[] = [];
  let written = 0;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const database = await openDatabase({ connectionString: databaseUrl });
      await database.migrate();
      const targetId = await newTarget(database);
      const inventory = makeInventory(targetId);
      ours.push(await timed(() => scan(database, targetId, inventory)));
      baseline.push(await copyRound(client, targetId, inventory));
      await database.close();
      const before = await rowsWritten(client);
      const again = await openDatabase({ connectionString: databaseUrl });
      repeat.push(await timed(() => scan(again, targetId, inventory)));
      await again.close();
      written = Math.max(written, (await rowsWritten(client)) - before);
    }
  } finally {
    await client.query('drop schema if exists bench_store cascade');
    await client.end();
  }
  const tags = RESOURCES * TAGS_EACH;
  const rows = tags + RESOURCES + RESOURCES * FINDINGS_EACH;
  return [
    row({
      name: 'store: first scan of 100,000 tags',
      ours: median(ours),
      baseline: median(baseline),
      goal: '<= 3x',
      unit: 'ms',
    }),
    row({
      name: 'store: tags a second',
      ours: rate(tags, ours),
      baseline: rate(tags, baseline),
      goal: '>= 20,000',
      unit: 'tags/s',
    }),
    row({
      name: 'store: repeat scan, no change',
      ours: median(repeat),
      baseline: median(baseline),
      goal: '<= 3x',
      unit: 'ms',
    }),
    row({
      name: 'store: rows a repeat scan writes',
      ours: written,
      baseline: rows,
      goal: '< 0.05x',
      unit: 'rows',
    }),
  ];
}

function row(measured: Omit<BenchRow, 'ratio'>): BenchRow {
  return { ...measured, ratio: measured.ours / measured.baseline };
}

function rate(count: number, milliseconds: readonly number[]): number {
  return Math.round((count / median(milliseconds)) * 1_000);
}

async function newTarget(database: PostgresDatabase): Promise<string> {
  const target = await database.stores.targets.insert({
    name: `bench ${process.hrtime.bigint()}`,
    platform: 'ec2',
    location: 'eu-central-1',
    config: {},
    credentialId: null,
    rulePacks: null,
    mode: 'READ_ONLY',
    labels: [],
  });
  return target.id;
}

async function scan(database: PostgresDatabase, targetId: string, batches: readonly Batch[]): Promise<void> {
  const { scans } = database.stores;
  const queued = await scans.enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes: null });
  await scans.claim(targetId, 'bench');
  const at = new Date();
  const request = { scanId: queued.scan.id, targetId, at, rules: RULES, resources: null, ownerTag: 'owner' };
  const session = await database.openScanSession(request);
  for (const { resources, findings } of batches) {
    await session.recordResources(UNIT, resources);
    await session.recordFindings(UNIT, findings);
  }
  await session.tagCounts(UNIT);
  await session.completeUnit(UNIT);
  const counts = await session.finish(RULES);
  await scans.finish(queued.scan.id, 'bench', {
    status: 'SUCCEEDED',
    progress: { done: 1, total: 1, resources: RESOURCES, tags: RESOURCES * TAGS_EACH },
    rulePacks: [{ name: 'bench', version: 1 }],
    counts,
    notEvaluated: [],
    errors: [],
  });
}

interface Batch {
  readonly resources: readonly Resource[];
  readonly findings: readonly Found[];
}

function makeInventory(targetId: string): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < RESOURCES; start += BATCH) {
    const resources = Array.from({ length: BATCH }, (_, i) => makeResource(start + i));
    batches.push({ resources, findings: resources.flatMap((resource) => makeFindings(targetId, resource)) });
  }
  return batches;
}

function makeResource(n: number): Resource {
  const tags = Array.from({ length: TAGS_EACH }, (_, t) => ({
    name: t === 0 ? 'owner' : `key-${t}`,
    value: t === 0 ? `team-${n % 40}` : `value ${t} of ${n}`,
    digest: null,
    createdAt: null,
  }));
  const resource = `i-${n.toString(16).padStart(17, '0')}`;
  return { ...UNIT, resource, createdAt: new Date(1_700_000_000_000 + n), tags, managedBy: null, facts: {} };
}

function makeFindings(targetId: string, { resource, scope, resourceType }: Resource): Found[] {
  return Array.from({ length: FINDINGS_EACH }, (_, n) => ({
    id: `${targetId.slice(-8)}${resource}${n}`,
    ...(RULES[n] ?? { rulePack: 'bench', ruleId: 'spelling' }),
    severity: n === 0 ? 'high' : 'low',
    scope,
    resource,
    resourceType,
    tag: `key-${n + 1}`,
    value: `value ${n + 1}`,
    discriminator: '',
    message: `The key "key-${n + 1}" of ${resource} is a misspelling of "key".`,
    suggestion: `rename it to "key"`,
    changes: [{ change: 'rename', from: `key-${n + 1}`, to: 'key', value: 'v' }],
    fixable: true,
    blocked: false,
    fixAtSource: null,
    evidence: { distance: n },
  }));
}

/** The same rows, by COPY, in one transaction as one statement a table. */
async function copyRound(client: pg.Client, targetId: string, batches: readonly Batch[]): Promise<number> {
  await client.query(`
    drop schema if exists bench_store cascade;
    create schema bench_store;
    create table bench_store.resource (like tagward.resource including all);
    create table bench_store.tag (like tagward.tag including all);
    create table bench_store.finding (like tagward.finding including all);
  `);
  const rows = copyRows(targetId, batches);
  return timed(async () => {
    await copyIn(client, `bench_store.resource (${RESOURCE_COLUMNS})`, copyLines(rows.resources));
    await copyIn(client, `bench_store.tag (${TAG_COLUMNS})`, copyLines(rows.tags));
    const columns = FINDING_COLUMNS.join(', ');
    await copyIn(client, `bench_store.finding (${columns})`, copyLines(rows.findings));
  });
}

type CopyRow = (string | number | null)[];

const RESOURCE_COLUMNS = 'id, part_id, resource, team, created_at, first_seen_at, seen_at, missing_since';
const TAG_COLUMNS =
  'id, part_id, resource_id, name, value, digest, created_at, first_seen_at, seen_at, missing_since, moves';
const FINDING_COLUMNS = [
  'id, key, target_id, part_id, rule_pack, rule_id, urgency, state, resource, tag, value, message, suggestion, changes',
  'fixable, blocked, fix_at_source, evidence, first_seen_at, opened_at, seen_at, opened_scan',
];

function copyRows(targetId: string, batches: readonly Batch[]) {
  const at = new Date().toISOString();
  const resources: CopyRow[] = [];
  const tags: CopyRow[] = [];
  const findings: CopyRow[] = [];
  for (const batch of batches) {
    for (const { resource, createdAt, tags: own } of batch.resources) {
      resources.push([
        resources.length + 1,
        1,
        resource,
        'team',
        createdAt?.toISOString() ?? null,
        at,
        at,
        null,
      ]);
      for (const { name, value } of own) {
        tags.push([tags.length + 1, 1, resources.length, name, value, null, null, at, at, null, null]);
      }
    }
    for (const f of batch.findings) {
      const identity = [
        f.id,
        findings.length + 1,
        targetId,
        1,
        f.rulePack,
        f.ruleId,
        f.severity === 'high' ? 1 : 3,
        'OPEN',
      ];
      const fault = [
        f.resource,
        f.tag,
        f.value,
        f.message,
        f.suggestion,
        JSON.stringify(f.changes),
        't',
        'f',
        null,
      ];
      findings.push([...identity, ...fault, JSON.stringify(f.evidence), at, at, at, 1]);
    }
  }
  return { resources, tags, findings };
}

/** Counters of a connection reach the statistics when it ends. */
async function allCounted(client: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name = 'tagward'`,
    );
    if (rowCount === 0) return;
    await delay(50);
  }
  throw new Error('other connections of Tagward keep working on the database of the benchmark');
}

async function rowsWritten(client: pg.Client): Promise<number> {
  await allCounted(client);
  const { rows } = await client.query<{ written: string }>(`
    select sum(n_tup_ins + n_tup_upd + n_tup_del) as written
    from pg_stat_user_tables where schemaname = 'tagward' and relname in ('resource', 'tag', 'finding', 'read_part')
  `);
  return Number(rows[0]?.written ?? 0);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
