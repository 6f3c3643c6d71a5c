import { realServer, testDatabase, type Ec2Sandbox, type RealServer } from '#testing';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRET_KEY } from '../e2e/support/backends.js';
import { ec2Target, instance, startEc2 } from '../e2e/support/ec2.js';
import { type Fleet, startFleet } from '../e2e/support/fleet.js';
import { launch, temporaryDirectory } from '../e2e/support/service.js';
import { until } from '../e2e/support/until.js';

const TARGETS = 8;
const REBUILT_WITHIN_MS = 60_000;

describe('Redis, which may be lost at any time,', () => {
  let redis: RealServer;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let sandbox: Ec2Sandbox;
  let fleet: Fleet;
  let targets: string[];

  beforeEach(async ({ skip }) => {
    const server = await realServer('redis', { spec: import.meta.url });
    if (server === null) return skip();
    redis = server;
    database = await testDatabase();
    sandbox = await startEc2([instance(1, 'eu-west-1', { Name: '' })]);
    fleet = await startFleet({
      apis: 1,
      workers: 1,
      env: {
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        TAGWARD_SECRET_KEY: SECRET_KEY,
        TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host,
      },
    });
    targets = [];
    for (let n = 0; n < TARGETS; n++)
      targets.push(
        await ec2Target(fleet.client(), sandbox, {
          ...{ name: `t${n}`, regions: ['eu-west-1'], resourceTypes: ['instance'] },
        }),
      );
  });
  afterEach(async () => {
    await fleet?.close();
    await sandbox?.close();
    await redis?.stop();
    await database?.drop();
  });

  /** More scans than a worker runs at once: some run, some wait. */
  async function startAll(): Promise<string[]> {
    const hang = sandbox.faults.inject({ kind: 'slow', action: 'DescribeInstances', ms: 3_000 });
    const started = await Promise.all(
      targets.map((targetId) => fleet.client().rest('POST', '/scans', { targetId })),
    );
    await until(async () => hang.fired > 0 || null, 20_000);
    return started.map(({ body }) => body.id);
  }

  async function expectAllFinished(scans: readonly string[]): Promise<void> {
    for (const id of scans) {
      const ended = await until(async () => {
        const { body } = await fleet.client().rest('GET', `/scans/${id}`);
        return ['QUEUED', 'RUNNING'].includes(body.status) ? null : body;
      }, REBUILT_WITHIN_MS);
      expect(ended.status).toBe('SUCCEEDED');
    }
  }

  async function command(...words: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(redis.url);
    try {
      return await client.call(...words);
    } finally {
      client.disconnect();
    }
  }

  it('F16: flushed while scans run and wait, is filled again from PostgreSQL', async () => {
    const scans = await startAll();
    expect(await command('DBSIZE')).toBeGreaterThan(0);
    expect(await command('FLUSHALL')).toBe('OK');
    await expectAllFinished(scans);
  });

  it('F15: killed and started empty, is filled again from PostgreSQL', async () => {
    const scans = await startAll();
    const before = redis.pid;
    await redis.restart();
    expect(redis.pid).not.toBe(before);
    await expectAllFinished(scans);
  });

  it('F19: silent, keeps no caller waiting; what was asked meanwhile runs once it is back', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    const asked = Date.now();
    const { status, body } = await fleet.client().rest('POST', '/scans', { targetId: targets[0] });
    const waited = Date.now() - asked;
    const health = await fetch(`${fleet.apis[0]?.url}/health/ready`);
    process.kill(redis.pid, 'SIGCONT');
    expect(status).toBe(202);
    expect(waited).toBeLessThan(3_000);
    expect(health.status).toBe(503);
    await expectAllFinished([body.id]);
    await until(async () => (await fetch(`${fleet.apis[0]?.url}/health/ready`)).ok || null, 20_000);
  });

  it('F18: set to forget jobs under pressure, is refused at the start', async () => {
    expect(await command('CONFIG', 'SET', 'maxmemory', '1gb')).toBe('OK');
    expect(await command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')).toBe('OK');
    const directory = await temporaryDirectory();
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, TAGWARD_SECRET_KEY: SECRET_KEY };
    const { process: child, output } = launch({ dataDir: directory.path, env }, 'worker');
    const [code] = await once(child, 'exit');
    await directory.remove();
    expect(code).toBe(1);
    expect(output()).toMatch(/noeviction/);
  });
});
