import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { memoryEnvironment } from '#connector-kit';
import type { PointerFact } from '#core';
import { gitConnector } from '#connectors/git';
import { GIT_ENVIRONMENT, runGit } from '#testing';
import type { BenchRow } from './bench-row.js';

const MANY = 100_000;
const DATED = 10_000;
const RUNS = 3;

interface Measure {
  /** Milliseconds. */
  readonly wall: number;
  /** Megabytes at the peak. */
  readonly peak: number;
}

/**
 * Listing 100,000 tags with what they peel to beside `git ls-remote`, and the dates of 10,000 beside a treeless clone, all from git's own
 * http-backend in another process. Medians of three. Our memory is what the process grows by at first, git's that of its processes.
 */
export async function benchGit(): Promise<BenchRow[]> {
  // Where there is a folder in memory, the disk is in nobody's figures.
  const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tagward-bench-git-'));
  const server = await startServer(root);
  try {
    return [...(await benchList(server.url)), ...(await benchDates(server.url, root))];
  } finally {
    server.child.kill();
    await rm(root, { recursive: true, force: true });
  }
}

async function benchList(server: string): Promise<BenchRow[]> {
  const url = `${server}/many.git`;
  const list = (): Promise<Measure> => growth(() => read(url, join(tmpdir(), 'unused'), MANY));
  // Later runs find the memory of the first one.
  const { peak } = await list();
  const ours = await median(list);
  const theirs = await median(() => peakOf(['ls-remote', '--tags', '--quiet', url]));
  const what = `git: list ${MANY.toLocaleString('en')} tags`;
  return [
    row(`${what}, beside git ls-remote`, ours.wall, theirs.wall, { goal: '<= 1.3', unit: 'ms' }),
    row(`${what}, memory beside git ls-remote`, peak, theirs.peak, { goal: 'bounded', unit: 'MB' }),
  ];
}

async function benchDates(server: string, root: string): Promise<BenchRow[]> {
  const url = `${server}/dated.git`;
  let run = 0;
  const folder = (): string => join(root, `run-${(run += 1)}`);
  let cache = '';
  const first = await median(() => growth(() => read(url, (cache = folder()), DATED, ['created'])));
  const second = await median(() => growth(() => read(url, cache, DATED, ['created'])));
  const theirs = await median(async () => {
    const clone = folder();
    const began = performance.now();
    const { peak } = await peakOf(['clone', '--quiet', '--bare', '--filter=tree:0', url, clone]);
    await runGit(['-C', clone, 'for-each-ref', '--format=%(refname) %(creatordate:unix)', 'refs/tags/']);
    return { wall: performance.now() - began, peak };
  });
  const what = `git: dates of ${DATED.toLocaleString('en')} tags`;
  return [
    row(`${what}, beside a treeless clone`, first.wall, theirs.wall, { goal: '<= 1.2', unit: 'ms' }),
    row(`${what}, the second time`, second.wall, theirs.wall, { goal: '<= 0.6', unit: 'ms' }),
  ];
}

async function startServer(root: string): Promise<{ child: ChildProcess; url: string }> {
  const file = fileURLToPath(new URL(`./git-server${extname(import.meta.url)}`, import.meta.url));
  const remotes = [`many=${MANY}`, `dated=${DATED}`];
  const child = spawn(process.execPath, [...process.execArgv, file, root, ...remotes], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server of the bench ended with ${String(code)}.`);
  });
  // Nobody waits for its end once it serves.
  ended.catch(() => undefined);
  const said = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [url] = await Promise.race([said, ended]);
  return { child, url };
}

async function read(
  url: string,
  cacheDirectory: string,
  expected: number,
  facts: readonly PointerFact[] = [],
): Promise<void> {
  const connector = await gitConnector.open({
    config: gitConnector.descriptor.config.parse({ url }),
    secret: null,
    environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false }, cacheDirectory }),
  });
  const { signal } = new AbortController();
  let seen = 0;
  for await (const event of connector.listResources({ resources: null, facts: new Set(facts), signal })) {
    if (event.type === 'error') throw new Error(event.error.message);
    if (event.type !== 'resources') continue;
    const tags = event.resources.flatMap((resource) => [...resource.tags]);
    seen += tags.filter(({ createdAt }) => facts.length === 0 || createdAt !== null).length;
  }
  await connector.close();
  if (seen !== expected)
    throw new Error(`${seen} tags were read instead of ${expected}: the figures mean nothing.`);
}

async function growth(work: () => Promise<void>): Promise<Measure> {
  const rest = process.memoryUsage.rss();
  let peak = rest;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  clearInterval(timer);
  return { wall, peak: (Math.max(peak, process.memoryUsage.rss()) - rest) / 1_048_576 };
}

/** Runs git to its end, its output read and thrown away. */
async function peakOf(args: readonly string[]): Promise<Measure> {
  const began = performance.now();
  const child = spawn('git', args, { env: { ...GIT_ENVIRONMENT }, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  let peak = 0;
  const timer = setInterval(() => {
    void familyMemory(child.pid ?? 0).then((now) => (peak = Math.max(peak, now)));
  }, 10);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}.`);
  return { wall: performance.now() - began, peak };
}

/** Megabytes that a process and its children hold now; 0 where there is no /proc. */
async function familyMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  const others = children.split(' ').filter((one) => one !== '');
  const all = await Promise.all(others.map((one) => familyMemory(Number(one))));
  return all.reduce((sum, one) => sum + one, own);
}

/** One run to warm up, then the middle of three, each figure by itself. */
async function median(work: () => Promise<Measure>): Promise<Measure> {
  await work();
  const runs: Measure[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await work());
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return { wall: middle(runs.map(({ wall }) => wall)), peak: middle(runs.map(({ peak }) => peak)) };
}

function row(name: string, ours: number, baseline: number, more: Pick<BenchRow, 'goal' | 'unit'>): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, ...more };
}
