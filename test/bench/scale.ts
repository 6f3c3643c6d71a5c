import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.js';
import { type Figures, MeasuredService } from './measured-service.js';

/** Numbers of tags, smallest first: `TAGWARD_BENCH_TAGS=20000,50000` for a quick run. */
const SIZES = numbers('TAGWARD_BENCH_TAGS', [100_000, 1_000_000]);
const IMAGE_TAGS = numbers('TAGWARD_BENCH_IMAGE_TAGS', [100_000]);
/** Flags of the measured process, with blanks between; those of `npm run start:worker` when nothing is said. */
const NODE_ARGS = (
  process.env['TAGWARD_BENCH_NODE_ARGS'] ?? '--max-semi-space-size=3 --max-old-space-size=512'
)
  .split(' ')
  .filter((flag) => flag !== '');
const REPOSITORY = 'acme/app';
const PACK = join('packs', 'starter-pointers.yaml');

/**
 * A worker scanning one git repository, and one repository of a registry, by the starter pack: first and again. Peak RSS and delays of the
 * event loop are those of the process that scans; PostgreSQL, git and the registry are others. The baseline of a row is its limit, or (time) the
 * smaller scan scaled up.
 */
export async function benchScale(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  let before: { tags: number; wall: number } | null = null;
  for (const tags of SIZES) {
    const { first, again } = await scanOf('git', tags);
    rows.push(...rowsOf(`scale: git, ${say(tags)} tags`, tags, first, again));
    if (before !== null) {
      const linear = (before.wall * tags) / before.tags;
      const name = `scale: git, ${say(tags)} tags, time beside ${say(before.tags)} scaled up`;
      rows.push({ ...row(name, first.wall, linear, 'ms'), goal: '<= 1.2' });
    }
    before = { tags, wall: first.wall };
  }
  for (const tags of IMAGE_TAGS) {
    const { first, again } = await scanOf('registry', tags);
    rows.push(...rowsOf(`scale: registry, ${say(tags)} tags`, tags, first, again));
  }
  return rows;
}

/** Every tag but the newest ten is old, and every second git tag is not annotated; fifty image tags share the date of their image. */
const FINDINGS = {
  git: (tags: number) => tags - 10 + Math.floor(tags / 2),
  registry: (tags: number) => tags - 50,
} as const;

interface Scanned {
  readonly first: Figures;
  readonly again: Figures;
}

async function scanOf(kind: 'git' | 'registry', tags: number): Promise<Scanned> {
  // Where there is a folder in memory, the disk is in nobody's figures.
  const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tagward-scale-'));
  const data = await mkdtemp(join(tmpdir(), 'tagward-scale-'));
  const remote = await startRemote(kind, kind === 'git' ? root : REPOSITORY, tags);
  const service = await MeasuredService.start(data, NODE_ARGS);
  try {
    await service.ask('PUT', '/rule-packs/starter-pointers', await readFile(PACK, 'utf8'));
    const config = kind === 'git' ? { url: remote.url } : { url: remote.url, repositories: [REPOSITORY] };
    const { id } = await service.ask<{ id: string }>('POST', '/targets', { name: kind, [kind]: config });
    const findings = FINDINGS[kind](tags);
    const first = await figuresOf(service, id, tags, findings);
    return { first, again: await figuresOf(service, id, tags, findings) };
  } finally {
    await service.stop();
    remote.stop();
    for (const folder of [root, data]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function figuresOf(
  service: MeasuredService,
  targetId: string,
  tags: number,
  findings: number,
): Promise<Figures> {
  const { scan, figures } = await service.scan(targetId);
  const { open } = scan.counts;
  if (scan.status !== 'SUCCEEDED' || scan.tags !== tags || open !== findings)
    throw new Error(
      `The scan ended ${scan.status} with ${scan.tags} of ${tags} tags and ${open} of ${findings} findings: ${scan.errors[0]?.message ?? ''}`,
    );
  const said = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`);
  console.log(`  ${say(tags)} tags, ${say(scan.counts.open)} findings: ${said.join(', ')}`);
  return figures;
}

async function startRemote(kind: string, place: string, tags: number) {
  const file = fileURLToPath(new URL(`./scale-remote${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, kind, place, String(tags)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The remote of the bench ended with ${String(code)}.`);
  });
  // Nobody waits for its end once it serves.
  ended.catch(() => undefined);
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [url] = await Promise.race([line, ended]);
  return { url, stop: () => void child.kill() };
}

function rowsOf(what: string, tags: number, first: Figures, again: Figures): BenchRow[] {
  const limit = tags > 100_000 ? 400 : 300;
  const of = (name: string, ours: number, most: number, unit: string) =>
    row(`${what}, ${name}`, ours, most, unit);
  return [
    of('peak RSS', first.peak, limit, 'MB'),
    of('again, peak RSS', again.peak, limit, 'MB'),
    of('longest hold of the event loop', Math.max(first.longest, again.longest), 50, 'ms'),
    { ...of('time', first.wall, first.wall, 'ms'), goal: '-' },
    { ...of('CPU of the worker beside the time', first.cpu * 1_000, first.wall, 'CPU-ms'), goal: '-' },
    { ...of('again, time beside the first', again.wall, first.wall, 'ms'), goal: '<= 0.7' },
  ];
}

function row(name: string, ours: number, baseline: number, unit: string): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, goal: '<= 1', unit };
}

function numbers(name: string, otherwise: readonly number[]): readonly number[] {
  const written = process.env[name];
  if (written === undefined) return otherwise;
  return written
    .split(',')
    .filter((one) => one !== '')
    .map(Number);
}

const say = (count: number): string => count.toLocaleString('en');
