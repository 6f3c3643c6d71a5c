import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '#persistence';
import type { BenchRow } from './bench-row.js';

const ROUNDS = 3;
const SERVES = /Tagward serves at/;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * What a user waits for on an existing data directory: `npm start` until it serves, and a whole second `npm run quickstart --
 * --once`, beside the embedded PostgreSQL alone on the same kind of directory. Medians of three rounds.
 */
export async function benchStart(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tagward-bench-'));
  try {
    const service = join(folder, 'service');
    const demo = join(folder, 'demo');
    await timeNpm(['start'], service, SERVES);
    await timeNpm(['run', 'quickstart', '--', '--once'], demo, null);
    const start = await median(() => timeNpm(['start'], service, SERVES));
    const quickstart = await median(() => timeNpm(['run', 'quickstart', '--', '--once'], demo, null));
    const baseline = await median(() => timePostgres(service));
    return [
      row('start: npm start until it serves, existing data', start, baseline, '< 3,000 ms'),
      row('start: second quickstart --once, whole', quickstart, baseline, '< 10,000 ms'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function row(name: string, ours: number, baseline: number, goal: string): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, goal, unit: 'ms' };
}

/** @returns milliseconds until a line matches `ready` (the process is stopped then), or, without it, until the process ended */
async function timeNpm(args: readonly string[], dataDir: string, ready: RegExp | null): Promise<number> {
  const started = performance.now();
  const env = { ...process.env, TAGWARD_DATA_DIR: dataDir, PORT: '0' };
  const child = spawn('npm', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const said: string[] = [];
  const { promise: served, resolve } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      if (ready?.test(line)) resolve();
    });
  }
  await Promise.race([ended, served]);
  const elapsed = performance.now() - started;
  if (child.exitCode === null) child.kill('SIGTERM');
  await ended;
  const isGood = ready === null ? child.exitCode === 0 : said.some((line) => ready.test(line));
  if (!isGood) throw new Error(`npm ${args.join(' ')} ended with ${child.exitCode}:\n${said.join('\n')}`);
  return elapsed;
}

async function timePostgres(dataDir: string): Promise<number> {
  const started = performance.now();
  const server = await startEmbeddedPostgres({ dataDir, logger: silent });
  const elapsed = performance.now() - started;
  await server.stop();
  return elapsed;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await measure());
  return Math.round(times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN);
}
