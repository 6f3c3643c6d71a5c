import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '#testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePlace, type Place } from './testing/places.js';
import { startRealApi, type RealApi } from './testing/real-api.js';
import { socketClient } from './testing/socket-client.js';

/** The longest that an open stream may outlive its token. */
const STREAM_MS = 2_500;

describe('a token in two processes', () => {
  let server: TestDatabase;
  let one: RealApi;
  let other: RealApi;
  let place: Place;
  let runningScan: string;
  let tokens = 0;
  beforeAll(async () => {
    server = await testDatabase();
    one = await startRealApi(server.url);
    other = await startRealApi(server.url);
    place = await makePlace(one.backends, 'shop');
    const { scan } = await one.backends.database.stores.scans.enqueue({
      ...{ targetId: place.ids['targets'] ?? '', trigger: 'MANUAL', rulePacks: null, scopes: null },
    });
    runningScan = scan.id;
  });
  afterAll(async () => {
    await one.stop();
    await other.stop();
    await server.drop();
  });

  async function newToken(more: object = {}): Promise<{ id: string; token: string }> {
    const name = `token ${++tokens}`;
    const { status, body } = await one.rest('POST', '/api-tokens', {
      body: { name, scopes: ['READ'], ...more },
    });
    expect(status).toBe(201);
    return { id: body.apiToken.id, token: body.token };
  }
  const revoke = async (id: string) =>
    expect((await one.rest('DELETE', `/api-tokens/${id}`)).status).toBe(204);
  const statusOf = async (api: RealApi, token: string) => (await api.rest('GET', '/me', { token })).status;

  it('Q12: is refused by all of them from the moment on in which one has revoked it', async () => {
    const { id, token } = await newToken();
    for (const api of [one, other]) expect(await statusOf(api, token)).toBe(200);
    await revoke(id);
    for (const api of [one, other]) {
      const reply = await api.rest('GET', '/me', { token });
      expect([reply.status, reply.body.reason]).toEqual([401, 'TOKEN_UNKNOWN']);
      expect((await api.graphql('{ me { subject } }', token)).status).toBe(401);
    }
  });

  it('Q12: is refused from then on under load as well: no request that began later is let in', async () => {
    const { id, token } = await newToken();
    let revokedAt = Infinity;
    const lateEntries: number[] = [];
    const client = async (api: RealApi): Promise<void> => {
      for (let refused = 0; refused < 5;) {
        const began = performance.now();
        const status = await statusOf(api, token);
        if (status === 401) refused += 1;
        else if (began > revokedAt) lateEntries.push(began - revokedAt);
      }
    };
    const clients = [one, other, one, other].map(client);
    await revoke(id);
    revokedAt = performance.now();
    await Promise.all(clients);
    expect(lateEntries).toEqual([]);
  });

  it('Q11: loses its open event stream in the other process once it is revoked', async () => {
    const { id, token } = await newToken();
    const stream = other.rest('GET', `/scans/${runningScan}/events`, { token });
    await vi.waitFor(async () => expect(await usesOf(id)).not.toBeNull());
    const since = performance.now();
    await revoke(id);
    const { body } = await stream;
    expect(performance.now() - since).toBeLessThan(STREAM_MS);
    expect(body).toMatch(/event: problem\ndata: .*TOKEN_UNKNOWN/);
  });

  it('Q11: loses its open WebSocket in the other process once it is revoked', async () => {
    const { id, token } = await newToken();
    const { subscribe, closed, client } = socketClient(other.url, { token });
    const states = subscribe(`subscription { scanProgress(id: "${runningScan}") { status } }`);
    expect((await states.next()).value).toEqual({ data: { scanProgress: { status: 'QUEUED' } } });
    const since = performance.now();
    await revoke(id);
    expect(await closed).toMatchObject({ code: 4401, reason: expect.stringContaining('TOKEN_UNKNOWN') });
    expect(performance.now() - since).toBeLessThan(STREAM_MS);
    await client.dispose();
  });

  it('Q11: loses a request that waits for the end of a scan once it has expired', async () => {
    const { token } = await newToken({ expiresAt: new Date(Date.now() + 700).toISOString() });
    const reply = await other.rest('GET', `/scans/${runningScan}?wait=60`, { token });
    expect([reply.status, reply.body.reason]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it('frees its name, and its successor is no heir: not of its scopes, nor of its idempotency keys', async () => {
    const first = await newToken({ name: 'ci', scopes: ['SCAN'] });
    const body = { targetId: place.ids['targets'] };
    const headers = { 'idempotency-key': 'once' };
    const call = { body, headers };
    expect((await one.rest('POST', '/scans', { ...call, token: first.token })).status).toBe(202);
    await revoke(first.id);
    const second = await newToken({
      name: 'ci',
      scopes: ['SCAN'],
      targetIds: [(await makePlace(one.backends, 'own')).ids['targets']],
    });
    expect((await one.rest('POST', '/scans', { ...call, token: second.token })).status).toBe(404);
    expect((await one.rest('GET', '/me', { token: first.token })).status).toBe(401);
  });

  it('Q12: is in no table as text, nor in a log', async () => {
    const { id, token } = await newToken();
    for (const api of [one, other]) await statusOf(api, token);
    await revoke(id);
    const client = new pg.Client(server.poolConfig);
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows) {
      const found = await client.query(`select 1 from ${name} t where strpos(t::text, $1) > 0`, [
        token.slice(13),
      ]);
      expect(found.rowCount, name).toBe(0);
    }
    const hashed = await client.query('select hash from tagward.api_token where id = $1', [id]);
    expect(hashed.rows[0].hash).toMatch(/^[0-9a-f]{64}$/);
    await client.end();
    expect([...one.logLines, ...other.logLines].join()).not.toContain(token.slice(13));
  });

  it('is used many times with one write', async () => {
    const { id, token } = await newToken();
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    for (let n = 0; n < 20; n++) expect(await statusOf(n % 2 === 0 ? one : other, token)).toBe(200);
    const writes = sent.mock.calls.filter(([query]) => /^update "tagward"\."api_token"/.test(textOf(query)));
    sent.mockRestore();
    expect(writes).toHaveLength(1);
    expect(await usesOf(id)).not.toBeNull();
  });

  async function usesOf(id: string): Promise<Date | null> {
    return (await one.backends.database.stores.apiTokens.find(id))?.lastUsedAt ?? null;
  }
});

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : ((query as { text?: string }).text ?? '');
}
