import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type PostgresDatabase } from '#persistence';
import { storedTarget, testDatabase, type TestDatabase } from '#testing';
import { HmacLinkSigner } from '../crypto/hmac-link-signer.js';
import type { Viewer } from '../records/access.js';
import { OpenReportLink } from './open-report-link.js';
import { SignReportFile } from './sign-report-file.js';

let server: TestDatabase;
let database: PostgresDatabase;
let now = new Date('2026-02-01T00:00:00.700Z');
const clock = { now: () => now };
const signing = (key: number) => ({ database, clock, linkSigner: new HmacLinkSigner(Buffer.alloc(32, key)) });
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function report(targetIds: readonly string[] | null, isReady = true): Promise<string> {
  const { reports } = database.stores;
  const { id } = await reports.insert({
    from: new Date('2026-01-01'),
    to: new Date('2026-01-08'),
    targetIds,
    formats: ['CSV'],
    createdBy: 'me',
  });
  const files = [{ format: 'CSV', bytes: 1, sha256: 'a'.repeat(64) }] as const;
  if (isReady) await reports.ready(id, { score: 1, auditHead: '0', totals: [], files });
  return id;
}

const viewer = (targetIds: readonly string[] | null): Viewer => ({
  subject: 'token:portal',
  source: 'TOKEN',
  scopes: ['READ'],
  targetIds,
});

it('is signed for those who see the report, and audited without the signature', async () => {
  const [mine, other] = [(await storedTarget(database)).id, (await storedTarget(database)).id];
  const sign = new SignReportFile(signing(1));
  const ask = (id: string, format: 'CSV' | 'PDF' = 'CSV') =>
    sign.execute(viewer([mine]), { id, format, expiresInSeconds: 60 });

  const id = await report([mine]);
  const { link, expiresAt } = await ask(id);
  expect(expiresAt).toEqual(new Date('2026-02-01T00:01:00Z'));
  expect(await new OpenReportLink(signing(1)).execute(link)).toMatchObject({ id });
  for (const refused of [
    await report([other]),
    await report([mine, other]),
    await report(null),
    await report([mine], false),
    'nothing',
  ])
    await expect(ask(refused)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(ask(id, 'PDF')).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const events = [];
  for await (const event of database.stores.audit.stream(0)) events.push(event);
  expect(events).toMatchObject([
    {
      actor: 'token:portal',
      action: 'report.sign-file',
      subject: `report:${id}`,
      details: { format: 'CSV', expiresAt: '2026-02-01T00:01:00.000Z' },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(link.signature);
});

it('is void with another secret key, and after its time', async () => {
  const id = await report(null);
  const { link } = await new SignReportFile(signing(1)).execute(viewer(null), {
    id,
    format: 'CSV',
    expiresInSeconds: 60,
  });
  const open = (key: number) => new OpenReportLink(signing(key)).execute(link);
  await expect(open(2)).rejects.toMatchObject({ code: 'LINK_INVALID' });
  now = new Date('2026-02-01T00:00:59.999Z');
  expect(await open(1)).toMatchObject({ id });
  now = new Date('2026-02-01T00:01:00.000Z');
  await expect(open(1)).rejects.toMatchObject({ code: 'LINK_EXPIRED' });
});
