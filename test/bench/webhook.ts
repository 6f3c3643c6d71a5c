import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { startBareServer } from './bare-server.js';
import type { BenchRow } from './bench-row.js';
import { MeasuredService } from './measured-service.js';

const CLIENTS = 32;
const DELIVERIES = 4_000;
const ROUNDS = 3;
const STEADY_PER_SECOND = 300;
const STEADY_SECONDS = 20;
/** Each of one repository; as many, so that none of them goes beyond what one may send in a second. */
const WEBHOOKS = 20;
const SECRET = 'bench-secret-0123456789abcdef0123456789abcdef';

/** Sends one delivery; resolves with its status. */
type Send = (n: number) => Promise<number>;

/**
 * Deliveries signed as GitHub signs them, each about one of many repositories, through the built API beside a bare Fastify handler with the
 * same HMAC and one durable insert; then a steady rate, and whether everything that was answered 202 is in the log.
 */
export async function benchWebhook(databaseUrl: string): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tagward-webhooks-'));
  const service = await MeasuredService.startApi(folder, databaseUrl);
  const bare = await startBareServer('webhook-bare', databaseUrl, SECRET);
  const pools = [
    new Pool(service.url, { connections: CLIENTS }),
    new Pool(bare.url, { connections: CLIENTS }),
  ];
  try {
    const paths = await webhooksOf(service);
    const [toUs, toBare] = [
      sender(pools[0] as Pool, (n) => paths[n % paths.length] ?? ''),
      sender(pools[1] as Pool, () => '/hook'),
    ];
    const ours: number[] = [];
    const theirs: number[] = [];
    await burst(toUs, DELIVERIES / 4);
    await burst(toBare, DELIVERIES / 4);
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await burst(toUs, DELIVERIES));
      theirs.push(await burst(toBare, DELIVERIES));
    }
    const steady = await atSteadyRate(toUs);
    const steadyBare = await atSteadyRate(toBare);
    const sent = DELIVERIES / 4 + ROUNDS * DELIVERIES + STEADY_PER_SECOND * STEADY_SECONDS;
    return [
      row('webhook: a delivery, 32 senders at once', median(ours), median(theirs), '<= 1.5'),
      row(`webhook: p99 at ${STEADY_PER_SECOND} a second`, steady, steadyBare, '< 100 ms'),
      { ...row('webhook: deliveries in the log', await logged(databaseUrl), sent, '1'), unit: 'rows' },
    ];
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    bare.child.kill();
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function webhooksOf(service: MeasuredService): Promise<string[]> {
  const paths: string[] = [];
  for (let n = 0; n < WEBHOOKS; n += 1) {
    const git = { url: `https://forge.example.test/team/repository-${n}.git` };
    const { id } = await service.ask<{ id: string }>('POST', '/targets', { name: `target ${n}`, git });
    const input = { name: `hook ${n}`, kind: 'GITHUB', targetIds: [id], secret: SECRET };
    const { webhook } = await service.ask<{ webhook: { id: string } }>('POST', '/webhooks', input);
    paths.push(`/hooks/${webhook.id}`);
  }
  return paths;
}

function sender(pool: Pool, pathOf: (n: number) => string): Send {
  return async (n) => {
    const repository = `team/repository-${n % WEBHOOKS}`;
    const body = JSON.stringify({ ref: `refs/tags/v1.0.${n}`, repository: { full_name: repository } });
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const reply = await pool.request({
      ...{ path: pathOf(n), method: 'POST', body },
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    await reply.body.dump();
    return reply.statusCode;
  };
}

/** Milliseconds a delivery, with as many in the air as there are clients. */
async function burst(send: Send, count: number): Promise<number> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await accepted(send, (next += 1));
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - began) / count;
}

/** Sends by the clock, whether earlier ones are answered or not. Milliseconds within which 99 of 100 are answered. */
async function atSteadyRate(send: Send): Promise<number> {
  const times: number[] = [];
  const inTheAir: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < STEADY_PER_SECOND * STEADY_SECONDS; n += 1) {
    const due = began + (n * 1_000) / STEADY_PER_SECOND;
    const early = due - performance.now();
    if (early > 1) await wait(early);
    inTheAir.push(accepted(send, n).then(() => void times.push(performance.now() - due)));
  }
  await Promise.all(inTheAir);
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

async function accepted(send: Send, n: number): Promise<void> {
  const status = await send(n);
  if (status !== 202) throw new Error(`A delivery was answered ${status}.`);
}

async function logged(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from tagward.webhook_delivery where status = 'ACCEPTED' and cardinality(scan_ids) > 0`,
    );
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function row(name: string, ours: number, baseline: number, goal: string): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, goal, unit: 'ms' };
}
