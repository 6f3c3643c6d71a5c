import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { startTestServer, testDatabase } from '#testing';
import type { BenchRow } from './bench-row.js';

type Bench = () => Promise<readonly BenchRow[]>;

const RESULTS = 'bench-results';
const BENCHES: Readonly<Record<string, Bench>> = {
  rules: async () => (await import('./rules.js')).benchRules(),
  'ec2-read': async () => (await import('./ec2-read.js')).benchEc2Read(),
  git: async () => (await import('./git.js')).benchGit(),
  registry: async () => (await import('./registry.js')).benchRegistry(),
  store: async () => onDatabase((await import('./store.js')).benchStore),
  queue: async () => onDatabase((await import('./queue.js')).benchQueue),
  start: async () => (await import('./start.js')).benchStart(),
  webhook: async () => onDurableServer((await import('./webhook.js')).benchWebhook),
  'api-page': async () => onDatabase((await import('./api-page.js')).benchApiPage),
  report: async () => onDatabase((await import('./report.js')).benchReport),
  scale: async () => (await import('./scale.js')).benchScale(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(
    `There is no bench ${unknown.join(', ')}: expected some of ${Object.keys(BENCHES).join(', ')}.`,
  );
  process.exitCode = 64;
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (asked.length === 0 || asked.includes(name)) await report(name, bench);
  }
}

async function report(name: string, bench: Bench): Promise<void> {
  const started = performance.now();
  const rows = await bench();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`\n${name} (${seconds} s)\n\n${tableOf(rows)}`);
  await mkdir(RESULTS, { recursive: true });
  const machine = {
    node: process.version,
    platform: `${platform()}-${arch()}`,
    cpus: cpus().length,
    memory: totalmem(),
  };
  const result = { name, at: new Date().toISOString(), machine, rows };
  await writeFile(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

async function onDatabase(
  bench: (url: string) => Promise<readonly BenchRow[]>,
): Promise<readonly BenchRow[]> {
  const database = await testDatabase();
  try {
    return await bench(database.url);
  } finally {
    await database.drop();
  }
}

/** As docs/benchmarks.md shows it. */
function tableOf(rows: readonly BenchRow[]): string {
  const head = ['what', 'Tagward', 'baseline', 'unit', 'ratio', 'goal'];
  const lines = rows.map(({ name, ours, baseline, unit, ratio, goal }) => [
    name,
    figure(ours),
    figure(baseline),
    unit,
    ratio.toFixed(2),
    goal,
  ]);
  const widths = head.map((title, n) =>
    Math.max(...[head, ...lines].map((line) => (line[n] ?? title).length)),
  );
  const rule = widths.map((width, n) => (isNumeric(n) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [head, rule, ...lines]
    .map((line) => `| ${line.map((cell, n) => pad(cell, widths[n] ?? 0, n)).join(' | ')} |`)
    .join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return isNumeric(column) ? cell.padStart(width) : cell.padEnd(width);
}

function isNumeric(column: number): boolean {
  return [1, 2, 4].includes(column);
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
}

/** A PostgreSQL that has what it says it has on the disk, as a service's own. */
async function onDurableServer(
  bench: (url: string) => Promise<readonly BenchRow[]>,
): Promise<readonly BenchRow[]> {
  const server = await startTestServer({ durable: true });
  try {
    return await bench(server.url);
  } finally {
    await server.stop();
  }
}
