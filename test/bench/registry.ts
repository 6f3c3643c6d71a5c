import { Agent } from 'undici';
import { memoryContentFacts, memoryEnvironment } from '#connector-kit';
import { registryConnector } from '#connectors/registry';
import type { ContentFacts, PointerFact } from '#core';
import {
  imageManifest,
  MANIFEST_TYPES,
  pushImages,
  startDockerRegistry,
  startRegistrySandbox,
  type RepositoryContent,
} from '#testing';
import type { BenchRow } from './bench-row.js';

const TAGS = 2_000;
const DIGESTS = 300;
const REPOSITORY = 'acme/app';
const RUNS = 3;
const AT_ONCE = 32;
const FACTS: ReadonlySet<PointerFact> = new Set(['created', 'manifest']);

interface Figures {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
}

/**
 * 2,000 tags on 300 images in Debian's docker-registry (in the sandbox where that is not installed): our inventory beside the least
 * that a keep-alive client has to ask (a HEAD for each tag, manifest and configuration once for each digest), and a second scan beside the first.
 */
export async function benchRegistry(): Promise<BenchRow[]> {
  const { url, of, stop } = await startRegistry();
  try {
    const known = memoryContentFacts();
    await read(url, known);
    await readBare(url);
    const { ours, bare, again } = await interleaved({
      ours: () => read(url, memoryContentFacts()),
      bare: () => readBare(url),
      again: () => read(url, known),
    });
    const per = `registry: ${TAGS.toLocaleString('en')} tags, ${DIGESTS} digests`;
    return [
      row({
        name: `${per} (${of}), beside a bare client`,
        ours: ours.wall,
        baseline: bare.wall,
        goal: '<= 1.15',
        unit: 'ms',
      }),
      row({
        name: `${per}, CPU beside a bare client`,
        ours: ours.cpu,
        baseline: bare.cpu,
        goal: '<= 1.6',
        unit: 'CPU-ms',
      }),
      row({
        name: `${per}, a repeat beside the first`,
        ours: again.wall,
        baseline: ours.wall,
        goal: '<= 0.5',
        unit: 'ms',
      }),
      row({
        name: `${per}, a repeat beside a bare client`,
        ours: again.wall,
        baseline: bare.wall,
        goal: '<= 0.5',
        unit: 'ms',
      }),
      row({
        name: `${per}, peak RSS beside a bare client`,
        ours: mb(ours.peak),
        baseline: mb(bare.peak),
        goal: '<= 1.3',
        unit: 'MB',
      }),
      ...(await countRequests()),
    ];
  } finally {
    await stop();
  }
}

async function startRegistry(): Promise<{ url: string; of: string; stop: () => Promise<void> }> {
  const real = await startDockerRegistry({ spec: import.meta.url });
  if (real !== null) {
    await pushImages(real.url, content());
    return { url: real.url, of: 'docker-registry', stop: () => real.stop() };
  }
  const sandbox = await startRegistrySandbox({ repositories: content() });
  return { url: sandbox.url, of: 'the sandbox', stop: () => sandbox.close() };
}

function content(): Record<string, RepositoryContent> {
  const images = Array.from({ length: DIGESTS }, (_, n) =>
    imageManifest({
      layers: ['base', `build ${n}`],
      created: new Date(Date.UTC(2025, 0, 1) + n * 3_600_000),
    }),
  );
  const tags = Array.from({ length: TAGS }, (_, n) => [`v1.${n}.0`, images[n % DIGESTS]] as const);
  return {
    [REPOSITORY]: {
      tags: Object.fromEntries(tags.flatMap(([name, image]) => (image ? [[name, image]] : []))),
    },
  };
}

/** The sandbox writes down what it is asked: the real registry does not. */
async function countRequests(): Promise<BenchRow[]> {
  const sandbox = await startRegistrySandbox({ repositories: content() });
  const facts = memoryContentFacts();
  try {
    await readBare(sandbox.url);
    const bare = sandbox.stats.count();
    sandbox.stats.reset();
    await read(sandbox.url, facts);
    const ours = sandbox.stats.count();
    sandbox.stats.reset();
    await read(sandbox.url, facts);
    const again = sandbox.stats.count();
    return [
      row({
        name: 'registry: requests beside a bare client',
        ours,
        baseline: bare,
        goal: '<= 1.01',
        unit: 'requests',
      }),
      row({
        name: 'registry: requests of a repeat beside one for each tag and list',
        ours: again,
        baseline: TAGS + 1,
        goal: '<= 1.01',
        unit: 'requests',
      }),
    ];
  } finally {
    await sandbox.close();
  }
}

async function read(url: string, facts: ContentFacts): Promise<void> {
  const connector = await registryConnector.open({
    config: { url, repositories: [REPOSITORY] },
    secret: null,
    environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false }, content: facts }),
  });
  let dated = 0;
  const { signal } = new AbortController();
  for await (const event of connector.listResources({ resources: null, facts: FACTS, signal }))
    if (event.type === 'resources')
      dated += event.resources
        .flatMap(({ tags }) => [...tags])
        .filter(({ createdAt }) => createdAt !== null).length;
  await connector.close();
  expectAll(dated);
}

/** What a careful user writes, and no more: nothing is checked, bounded or tried again. */
async function readBare(url: string): Promise<void> {
  const agent = new Agent({ connections: AT_ONCE });
  const accept = MANIFEST_TYPES.join(', ');
  const get = async (method: 'GET' | 'HEAD', path: string) => {
    const options = {
      origin: url,
      path: `/v2/${REPOSITORY}/${path}`,
      method,
      headers: { accept },
      reset: false,
    };
    const { headers, body } = await agent.request(options);
    return { headers, text: await body.text() };
  };
  const { tags } = JSON.parse((await get('GET', 'tags/list')).text) as { tags: string[] };
  const digests = new Map<string, string>();
  await inLanes(tags, async (tag) => {
    const { headers } = await get('HEAD', `manifests/${tag}`);
    digests.set(tag, String(headers['docker-content-digest']));
  });
  const dates = new Map<string, string>();
  await inLanes([...new Set(digests.values())], async (digest) => {
    const manifest = JSON.parse((await get('GET', `manifests/${digest}`)).text) as {
      config: { digest: string };
    };
    const config = JSON.parse((await get('GET', `blobs/${manifest.config.digest}`)).text) as {
      created: string;
    };
    dates.set(digest, config.created);
  });
  await agent.close();
  expectAll([...digests.values()].filter((digest) => dates.has(digest)).length);
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** One run of each in turn, so that a busy minute of the machine falls on all of them; medians. */
async function interleaved<Name extends string>(
  works: Readonly<Record<Name, () => Promise<void>>>,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(works) as Name[];
  const runs = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1)
    for (const name of names) runs.get(name)?.push(await measure(works[name]));
  return Object.fromEntries(names.map((name) => [name, medians(runs.get(name) ?? [])])) as Record<
    Name,
    Figures
  >;
}

async function measure(work: () => Promise<void>): Promise<Figures> {
  let peak = process.memoryUsage().rss;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  return { wall, cpu: (user + system) / 1_000, peak };
}

function medians(runs: readonly Figures[]): Figures {
  const middle = (of: (run: Figures) => number): number =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0;
  return {
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    peak: middle(({ peak }) => peak),
  };
}

function expectAll(seen: number): void {
  if (seen !== TAGS) throw new Error(`${seen} tags were read instead of ${TAGS}: the figures mean nothing.`);
}

function mb(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function row({ ours, baseline, ...rest }: Omit<BenchRow, 'ratio'>): BenchRow {
  return { ...rest, ours, baseline, ratio: ours / baseline };
}
