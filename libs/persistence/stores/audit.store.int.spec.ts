import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, auditHash } from '#application';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

let server: TestDatabase;
let database: PostgresDatabase;
let intruder: pg.Client;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  intruder = new pg.Client(server.poolConfig);
  await intruder.connect();
});
afterAll(async () => {
  await intruder.end();
  await database.close();
  await server.drop();
});
beforeEach(async () => {
  await tamper('truncate tagward.audit_event');
  await intruder.query(`update tagward.audit_head set sequence = 0, hash = repeat('0', 64)`);
});

/** As who owns the table and does not care for its triggers. */
async function tamper(statement: string): Promise<void> {
  await intruder.query('alter table tagward.audit_event disable trigger all');
  await intruder.query(statement);
  await intruder.query('alter table tagward.audit_event enable trigger all');
}

function append(n: number, details = {}) {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, n));
  return database.stores.audit.append({
    actor: 'token:ci',
    action: 'scan.start',
    subject: `target:${n % 3}`,
    details,
    at,
  });
}

async function stored(afterSequence = 0): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const event of database.stores.audit.stream(afterSequence)) events.push(event);
  return events;
}

/** The sequence of the first link that is wrong or missing. */
async function brokenAt(): Promise<number | null> {
  let previous = { sequence: 0, hash: '0'.repeat(64) };
  for (const { hash, ...link } of await stored()) {
    const follows = link.sequence === previous.sequence + 1 && link.previousHash === previous.hash;
    if (!follows || hash !== auditHash(link)) return previous.sequence + 1;
    previous = { sequence: link.sequence, hash };
  }
  const head = await database.stores.audit.head();
  return head.sequence === previous.sequence ? null : previous.sequence + 1;
}

describe('PostgresAuditStore', () => {
  it('chains events from the genesis on; what is read is what was hashed', async () => {
    const details = { name: 'NUL \u0000 and half \ud800', n: 1e21, deep: [{ b: 1, a: null }], empty: {} };
    const first = await append(1, details);
    const second = await append(2);
    expect(first).toMatchObject({ sequence: 1, previousHash: '0'.repeat(64) });
    expect(second).toMatchObject({ sequence: 2, previousHash: first.hash });
    expect(await stored()).toEqual([first, second]);
    expect(first.details).toMatchObject({ name: 'NUL \ufffd and half \ufffd', n: 1e21 });
    expect(await stored(1)).toEqual([second]);
    expect(await database.stores.audit.head()).toEqual({ sequence: 2, hash: second.hash });
    expect(await brokenAt()).toBeNull();
  });

  it('numbers events of many writers without a gap', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, i) => append(i)));
    expect((await stored()).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
    expect(await brokenAt()).toBeNull();
  });

  it('keeps nothing of a transaction that fails', async () => {
    const failing = database.transaction(async ({ audit }) => {
      await audit.append({ actor: 'a', action: 'b', subject: 'c', details: {}, at: new Date() });
      throw new Error('the effect failed');
    });
    await expect(failing).rejects.toThrow('the effect failed');
    expect(await stored()).toEqual([]);
    expect((await append(1)).sequence).toBe(1);
  });

  it.each([
    'update tagward.audit_event set actor = $$x$$',
    'delete from tagward.audit_event',
    'truncate tagward.audit_event',
  ])('refuses: %s', async (statement) => {
    await append(1);
    await expect(intruder.query(statement)).rejects.toThrow(/append-only/);
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    [`update tagward.audit_event set actor = 'somebody else' where sequence = 3`, 3],
    [`update tagward.audit_event set details = '{"n": 2}' where sequence = 2`, 2],
    [`update tagward.audit_event set at = at + interval '1 ms' where sequence = 4`, 4],
    ['delete from tagward.audit_event where sequence = 3', 3],
    ['delete from tagward.audit_event where sequence = 1', 1],
    ['delete from tagward.audit_event where sequence >= 5', 5],
  ])('shows what was tampered with: %s', async (statement, at) => {
    for (let n = 1; n <= 5; n++) await append(n);
    await tamper(statement);
    expect(await brokenAt()).toBe(at);
  });

  it('lists the latest first, of one subject where asked', async () => {
    for (let n = 1; n <= 7; n++) await append(n);
    const page = await database.readModels.auditEvents({ subject: 'target:1' }, { first: 2, after: null });
    expect(page.edges.map(({ node }) => node.sequence)).toEqual([7, 4]);
    expect([page.hasNextPage, await page.totalCount()]).toEqual([true, 3]);
  });
});
