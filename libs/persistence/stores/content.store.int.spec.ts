import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '#core';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
beforeEach(async () => {
  await query('truncate tagward.content');
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function query(statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.poolConfig);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}
const put = (...entries: [string, JsonObject][]) => database.stores.content.put(new Map(entries));
const age = (digest: string, days: number) =>
  query(`update tagward.content set used_at = now() - interval '${days} days' where digest = '${digest}'`);
const daysUnused = async (digest: string) =>
  (
    await query(
      `select extract(day from now() - used_at)::int as days from tagward.content where digest = '${digest}'`,
    )
  )[0]?.['days'];
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

it('knows what was put once, and leaves out the rest', async () => {
  await put(['sha256:a', { mediaType: 'x', children: [{ digest: 'sha256:c' }] }], ['sha256:b', {}]);
  await put(['sha256:a', { mediaType: 'another' }]);

  const found = await database.stores.content.get(['sha256:b', 'sha256:none', 'sha256:a', 'sha256:a']);
  expect([...found].sort()).toEqual([
    ['sha256:a', { mediaType: 'x', children: [{ digest: 'sha256:c' }] }],
    ['sha256:b', {}],
  ]);
  expect(await database.stores.content.get([])).toEqual(new Map());
  await put();
});

it('takes any number, in whatever order others put the same', async () => {
  const digests = Array.from({ length: 12_000 }, (_, n) => `sha256:${n}`);
  const facts = digests.map((digest, n) => [digest, { n, text: 'half \ud800, nul \0' }] as const);
  await Promise.all([
    database.stores.content.put(new Map(facts)),
    database.stores.content.put(new Map(facts.toReversed())),
  ]);

  const found = await database.stores.content.get([...digests, 'sha256:none']);
  expect(found.size).toBe(12_000);
  expect(found.get('sha256:11999')).toEqual({ n: 11_999, text: 'half \ufffd, nul \ufffd' });
});

it('notes use once a week at most', async () => {
  await put(['sha256:a', {}], ['sha256:b', {}], ['sha256:c', {}]);
  await age('sha256:a', 6);
  await age('sha256:b', 8);
  await age('sha256:c', 8);
  await database.stores.content.get(['sha256:a', 'sha256:b']);

  expect(await Promise.all(['sha256:a', 'sha256:b', 'sha256:c'].map(daysUnused))).toEqual([6, 0, 8]);
});

it('forgets what nobody asked for in a long time, and takes it again', async () => {
  await put(['sha256:a', { n: 1 }], ['sha256:b', { n: 1 }]);
  await age('sha256:a', 181);
  await age('sha256:b', 179);

  expect(await database.stores.content.trim(daysAgo(180))).toBe(1);
  expect(await database.stores.content.trim(daysAgo(180))).toBe(0);
  expect([...(await database.stores.content.get(['sha256:a', 'sha256:b'])).keys()]).toEqual(['sha256:b']);
  await put(['sha256:a', { n: 2 }]);
  expect((await database.stores.content.get(['sha256:a'])).get('sha256:a')).toEqual({ n: 2 });
});

it('forgets any number', async () => {
  await database.stores.content.put(new Map(Array.from({ length: 11_000 }, (_, n) => [`sha256:${n}`, {}])));
  expect(await database.stores.content.trim(new Date(Date.now() + 60_000))).toBe(11_000);
});
