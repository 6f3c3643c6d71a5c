import { memoryEnvironment } from '#connector-kit';
import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { ListRequest } from '#core';
import { ec2Connector } from '#connectors/ec2';
import { startEc2Sandbox, type Ec2Sandbox, type SandboxResource } from '#testing';
import type { BenchRow } from './bench-row.js';

const RESOURCES = 10_000;
const PAGE = 1_000;
const RUNS = 3;
const REGIONS = ['eu-west-1', 'us-east-1'];
/** What a call to AWS takes from a machine that is not in the region: milliseconds. */
const LATENCY_MS = 40;
const KEY = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'a-secret-of-the-bench-0001' };
const everything: ListRequest = { resources: null, signal: new AbortController().signal };

/**
 * 10,000 instances in two regions of the sandbox: calls beside the fewest pages, the work beside a bare loop over the SDK's
 * pages, two regions at once beside one after another. The sandbox runs in this process, so its work and memory are in all figures.
 */
export async function benchEc2Read(): Promise<BenchRow[]> {
  const sandbox = await startEc2Sandbox({
    accounts: [{ id: '111122223333', keys: [KEY] }],
    resources: instances(),
    latencyMs: LATENCY_MS,
  });
  try {
    await read(sandbox, REGIONS);
    const calls = await countCalls(sandbox);
    const rest = process.memoryUsage().rss;
    const ours = await median(() => read(sandbox, REGIONS));
    const peak = await peakRss(() => read(sandbox, REGIONS));
    const bare = await median(() => readBare(sandbox));
    const oneByOne = await median(async () => {
      for (const region of REGIONS) await read(sandbox, [region]);
    });
    const per = `${RESOURCES.toLocaleString('en')} instances`;
    return [
      row({
        name: `ec2 read: ${per}, calls`,
        ours: calls,
        baseline: RESOURCES / PAGE,
        goal: '<= 1',
        unit: 'calls',
      }),
      row({
        name: `ec2 read: ${per}, beside a bare SDK loop`,
        ours: ours.wall,
        baseline: bare.wall,
        goal: '<= 1',
        unit: 'ms',
      }),
      row({
        name: `ec2 read: ${per}, CPU beside a bare SDK loop`,
        ours: ours.cpu,
        baseline: bare.cpu,
        goal: '<= 1.3',
        unit: 'CPU-ms',
      }),
      row({
        name: 'ec2 read: two regions at once beside one by one',
        ours: ours.wall,
        baseline: oneByOne.wall,
        goal: '<= 0.75',
        unit: 'ms',
      }),
      row({
        name: `ec2 read: ${per}, peak RSS beside before`,
        ours: mb(peak),
        baseline: mb(rest),
        goal: '<= 1.5',
        unit: 'MB',
      }),
    ];
  } finally {
    await sandbox.close();
  }
}

function instances(): SandboxResource[] {
  return Array.from({ length: RESOURCES }, (_, n) => ({
    resourceType: 'instance',
    id: `i-0${n.toString(16).padStart(16, '0')}`,
    region: REGIONS[n % REGIONS.length] ?? '',
    tags: {
      Name: `host-${n}`,
      environment: n % 7 === 0 ? 'prod' : 'production',
      owner: `team-${n % 40}`,
      enviroment: 'x',
    },
    createdAt: new Date(Date.UTC(2025, 0, 1) + n * 60_000),
  }));
}

async function countCalls(sandbox: Ec2Sandbox): Promise<number> {
  sandbox.stats.reset();
  await read(sandbox, REGIONS);
  return sandbox.stats.count('DescribeInstances');
}

async function read({ endpoint }: Ec2Sandbox, regions: readonly string[]): Promise<void> {
  const connector = await ec2Connector.open({
    config: { regions, resourceTypes: ['instance'], endpoint },
    secret: { kind: 'AWS_ACCESS_KEY', values: KEY },
    environment: memoryEnvironment({ outbound: { allow: ['127.0.0.1'], allowLocal: false } }),
  });
  let seen = 0;
  for await (const event of connector.listResources(everything))
    if (event.type === 'resources') seen += event.resources.length;
  await connector.close();
  expectAll(seen, regions.length);
}

/** What a careful user writes: the SDK's own pages, one region after the other. */
async function readBare({ endpoint }: Ec2Sandbox): Promise<void> {
  let seen = 0;
  for (const region of REGIONS) {
    const client = new EC2Client({ region, endpoint, credentials: { ...KEY } });
    for await (const page of paginateDescribeInstances({ client, pageSize: PAGE }, {}))
      seen += page.Reservations?.flatMap(({ Instances }) => Instances ?? []).length ?? 0;
    client.destroy();
  }
  expectAll(seen, REGIONS.length);
}

function expectAll(seen: number, regions: number): void {
  const wanted = (RESOURCES / REGIONS.length) * regions;
  if (seen !== wanted)
    throw new Error(`${seen} instances were read instead of ${wanted}: the figures mean nothing.`);
}

async function median(work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const runs: { wall: number; cpu: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    runs.push({ wall: performance.now() - began, cpu: (user + system) / 1_000 });
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return { wall: middle(runs.map(({ wall }) => wall)), cpu: middle(runs.map(({ cpu }) => cpu)) };
}

async function peakRss(work: () => Promise<void>): Promise<number> {
  let peak = process.memoryUsage().rss;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  await work();
  clearInterval(timer);
  return peak;
}

function mb(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function row({ ours, baseline, ...rest }: Omit<BenchRow, 'ratio'>): BenchRow {
  return { ...rest, ours, baseline, ratio: ours / baseline };
}
