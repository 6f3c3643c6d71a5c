import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type Ec2Sandbox, type TestDatabase } from '#testing';
import pg from 'pg';
import { Client, type Reply } from './support/client.js';
import { ec2Target, instance, KEY, startEc2 } from './support/ec2.js';
import { ADMIN_TOKEN, startService, temporaryDirectory, type Started } from './support/service.js';
import { until } from './support/until.js';

const DATABASE_KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 53) % 251)).toString('base64');
const CANARIES = [
  KEY.secretAccessKey,
  'canary-session-token/9f8e7d6c5b4a',
  'canary+basic=password&61c0ffee',
  'canary+signing=secret&0123456789',
  'canary-slack-path-77aa55ee',
  'canary+smtp=password&99bb33dd',
] as const;

/** A secret as it is, and as it would look in base64, in a URL, and in hex. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 inside a longer text starts at any of three offsets; its middle is the same for each.
  const shifted = ['', 'x', 'xx'].map((pad) =>
    Buffer.from(pad + secret)
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...shifted];
}

describe('S1: canary secrets', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let database: TestDatabase;
  let sandbox: Ec2Sandbox;
  let service: Started;
  const answers: string[] = [];
  beforeAll(async () => {
    directory = await temporaryDirectory();
    database = await testDatabase();
    sandbox = await startEc2([instance(1, 'eu-west-1', { enviroment: 'a' })]);
    service = await startService({
      dataDir: directory.path,
      env: {
        DATABASE_URL: database.url,
        TAGWARD_SECRET_KEY: DATABASE_KEY,
        TAGWARD_OUTBOUND_ALLOW: new URL(sandbox.endpoint).host,
        TAGWARD_LOG_LEVEL: 'debug',
        TAGWARD_SMTP_URL: `smtp://tagward:${encodeURIComponent(CANARIES[5])}@127.0.0.1:9`,
        TAGWARD_SMTP_FROM: 'tagward@example.test',
      },
    });
  });
  afterAll(async () => {
    await service?.stop();
    await sandbox?.close();
    await database?.drop();
    await directory.remove();
  });

  it('leaves no trace of them in answers, logs, jobs, database, report files', async () => {
    await useEverything();
    const places: Record<string, string> = {
      answers: answers.join('\n'),
      log: service.output(),
      database: await dump(database.url),
      files: await contentOf(directory.path),
    };

    expect(places.log?.length).toBeGreaterThan(1_000);
    expect(places.database).toContain('enviroment');
    for (const canary of [...CANARIES, ADMIN_TOKEN]) {
      for (const form of formsOf(canary)) {
        for (const [place, text] of Object.entries(places)) {
          expect(text.includes(form), `${form} in ${place}`).toBe(false);
        }
      }
    }
  });

  /** Everything that touches a secret, with successes and failures of each. */
  async function useEverything(): Promise<void> {
    const client = new Client(service.url);
    const send = async (...[method, path, body]: Parameters<Client['rest']>): Promise<Reply['body']> => {
      const reply = await client.rest(method, path, body);
      answers.push(JSON.stringify(reply.body));
      return reply.body;
    };
    const target = await ec2Target(client, sandbox, {
      name: 'canary',
      regions: ['eu-west-1'],
      resourceTypes: ['instance'],
    });
    const [credential] = (await send('GET', '/credentials')).items;
    await send('POST', '/credentials', {
      name: 'basic',
      kind: 'BASIC',
      secret: { username: 'u', password: CANARIES[2] },
    });
    await send('POST', '/credentials', {
      name: 'bad',
      kind: 'AWS_ACCESS_KEY',
      secret: { accessKeyId: CANARIES[0] },
    });
    await send('POST', '/credentials', { name: 'bad', kind: 'BASIC', secret: CANARIES[2] });
    await send(
      'PUT',
      '/rule-packs/p',
      'pack: p\nrules:\n  - { id: a, kind: stale-key, keys: [{ exact: enviroment }] }\n',
    );
    const events = ['SCAN_DONE', 'SCAN_FAILED'];
    const hook = { events, address: `${sandbox.endpoint}/${CANARIES[4]}`, secret: CANARIES[3] };
    await send('POST', '/notification-channels', { name: 'hook', kind: 'WEBHOOK', ...hook });
    await send('POST', '/notification-channels', { name: 'bad', kind: 'SLACK', ...hook });
    await send('POST', '/notification-channels', { name: 'slack', kind: 'SLACK', ...hook, secret: null });
    await send('POST', '/notification-channels', {
      name: 'mail',
      kind: 'EMAIL',
      events,
      address: 'a@b.example',
    });
    await client.scan(target);
    await send('PUT', `/credentials/${credential.id}/secret`, {
      secret: { ...KEY, sessionToken: CANARIES[1] },
    });
    await send('POST', `/targets/${target}/probe`, {});
    await client.scan(target);
    for (const kind of ['deny', 'html', 'truncate', 'drop'] as const) {
      sandbox.faults.inject({ kind });
      await client.scan(target);
      await send('POST', `/targets/${target}/probe`, {});
      sandbox.faults.clear();
    }
    const report = await send('POST', '/reports', {});
    await until(
      async () => ((await send('GET', `/reports/${report.id}`)).status === 'READY' ? true : null),
      20_000,
    );
    for (const path of [
      '/audit-events?first=200',
      '/targets',
      '/credentials',
      '/scans',
      '/findings',
      '/api-tokens',
      '/notification-channels',
    ]) {
      await send('GET', path);
    }
    const { items } = await send('GET', '/notification-channels');
    for (const { id } of items)
      await until(async () => {
        const { items: log } = await send('GET', `/notification-channels/${id}/deliveries`);
        return log.every(({ attempts }: { attempts: number }) => attempts > 0) ? true : null;
      }, 20_000);
    answers.push(
      JSON.stringify(await client.graphql('{ credentials { edges { node { id name kind } } } nothing }')),
    );
  }
});

/** Every row of every table, as text: ours and the queue's. */
async function dump(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('tagward', 'bullmq')`,
    );
    const tables: string[] = [];
    for (const { name } of rows) {
      const { rows: content } = await client.query(`select t::text as line from ${name} t`);
      tables.push(content.map(({ line }: { line: string }) => line).join('\n'));
    }
    return tables.join('\n');
  } finally {
    await client.end();
  }
}

async function contentOf(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((path) => readFile(path, 'latin1')))).join('\n');
}
