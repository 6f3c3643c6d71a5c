import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Viewer } from '#application';
import { HygieneError } from '#core';
import { authenticate, startApi, tokenOf, type ApiFixture } from '../../testing/api-fixture.js';
import { MovingScan, watchersOf } from '../../testing/moving-scan.js';
import {
  SCAN_PROGRESS,
  socketClient,
  type SocketClient,
  type SocketOptions,
} from '../../testing/socket-client.js';

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const limits = (sockets: [perToken: number, total: number], streams: [perToken: number, total: number]) => ({
  sockets: { of: 'WebSockets', perToken: sockets[0], total: sockets[1] },
  streams: { of: 'live streams', perToken: streams[0], total: streams[1] },
});

describe('subscriptions over a WebSocket', () => {
  let api: ApiFixture;
  let url: string;
  let scan: MovingScan;
  const clients: SocketClient[] = [];
  const revoked = new Set<string>();

  async function start(options: Partial<Parameters<typeof startApi>[0]> = {}) {
    scan = new MovingScan();
    api = await startApi({ handlers: scan.handlers, ...options });
    url = await api.listen();
  }
  const connect = (options: SocketOptions = {}) => {
    const client = socketClient(url, options);
    clients.push(client);
    return client;
  };
  /** What a subscription ends with. */
  const outcome = async (client: SocketClient, query = SCAN_PROGRESS, id = 's1'): Promise<unknown> => {
    try {
      const { value } = await client.subscribe(query, query.includes('$id') ? { id } : {}).next();
      return value;
    } catch (error) {
      return error;
    }
  };

  beforeEach(() => {
    revoked.clear();
  });
  afterEach(async () => {
    for (const { client } of clients.splice(0)) client.terminate();
    await api.close();
  });

  it('gives the present state at once, then changes, and completes after the last', async () => {
    await start();
    const seen: unknown[] = [];
    const updates = connect().subscribe(SCAN_PROGRESS, { id: 's1' });
    seen.push((await updates.next()).value);
    scan.move(api, { progress: { done: 4, total: 9 } });
    seen.push((await updates.next()).value);
    scan.finish(api);
    seen.push((await updates.next()).value);

    const target = { name: 'account-t1' };
    expect(seen).toEqual([
      { data: { scanProgress: { id: 's1', status: 'RUNNING', progress: { done: 0 }, target } } },
      { data: { scanProgress: { id: 's1', status: 'RUNNING', progress: { done: 4 }, target } } },
      { data: { scanProgress: { id: 's1', status: 'SUCCEEDED', progress: { done: 9 }, target } } },
    ]);
    expect((await updates.next()).done).toBe(true);
    expect([watchersOf(api), api.loads['targets']]).toEqual([0, 3]);
  });

  it('stops watching when the client stops, or is gone', async () => {
    await start();
    const client = connect();
    const updates = client.subscribe(SCAN_PROGRESS, { id: 's1' });
    await updates.next();
    expect(watchersOf(api)).toBe(1);
    await updates.return?.();
    await soon(() => expect(watchersOf(api)).toBe(0));
    const gone = connect();
    await gone.subscribe(SCAN_PROGRESS, { id: 's1' }).next();
    gone.client.terminate();
    await soon(() => expect(watchersOf(api)).toBe(0));
  });

  it('takes the token of the upgrade request, and of lower-case parameters; never of the address', async () => {
    await start();
    const headers = { authorization: `Bearer ${tokenOf('READ')}` };
    expect(await outcome(connect({ token: null, headers }))).toMatchObject({ data: {} });
    const inAddress = new WebSocket(
      `${url.replace('http', 'ws')}/graphql?token=${tokenOf('READ')}`,
      'graphql-transport-ws',
    );
    const closed = new Promise((resolve) => inAddress.on('close', (code: number) => resolve(code)));
    inAddress.on('open', () => inAddress.send('{"type":"connection_init"}'));
    expect(await closed).toBe(4401);
    expect(api.logLines.join('')).not.toContain(tokenOf('READ'));
  });

  it.each([
    [null, /^TOKEN_MISSING: /],
    ['twd_unknown', /^TOKEN_UNKNOWN: /],
  ])('hangs up on the token %s', async (token, reason) => {
    await start();
    const client = connect({ token });
    await outcome(client);
    expect(await client.closed).toMatchObject({ code: 4401, reason: expect.stringMatching(reason) });
  });

  it('lets nobody subscribe without a token, whatever is sent first or meanwhile', async () => {
    await start();
    const subscribe = {
      id: '1',
      type: 'subscribe',
      payload: { query: SCAN_PROGRESS, variables: { id: 's1' } },
    };
    for (const first of [
      [],
      [{ type: 'connection_init' }],
      [{ type: 'connection_init', payload: { authorization: 5 } }],
    ]) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const received: string[] = [];
      socket.on('message', (data: Buffer) => received.push(data.toString()));
      const closed = new Promise((resolve) => socket.on('close', (code: number) => resolve(code)));
      socket.on('open', () => {
        for (const message of [...first, subscribe, subscribe]) socket.send(JSON.stringify(message));
      });
      expect(await closed).toBe(4401);
      expect(received.join('')).not.toContain('RUNNING');
    }
    expect(watchersOf(api)).toBe(0);
  });

  it('answers for an invisible scan as for an unknown one, and names a missing scope', async () => {
    const elsewhere: Viewer = { subject: 'token:t2', source: 'TOKEN', scopes: ['READ'], targetIds: ['t2'] };
    await start({
      authenticate: (token) => (token === 'twd_t2' ? Promise.resolve(elsewhere) : authenticate(token)),
    });
    const asked = async (token: string, id: string) =>
      JSON.stringify(await outcome(connect({ token }), SCAN_PROGRESS, id))
        .replaceAll(id, 'ID')
        .replace(/"requestId":"[^"]+"/, '');
    const unknown = await asked('twd_t2', 's9');
    expect(unknown).toContain('"code":"NOT_FOUND"');
    expect(await asked('twd_t2', 's1')).toBe(unknown);
    expect(await asked(tokenOf('none'), 's1')).toContain('"reason":"SCOPE_MISSING"');
  });

  it.each([
    ['{ me { subject } }', 'UNSUPPORTED', /by POST/],
    ['mutation { cancelScan(id: "s1") { id } }', 'UNSUPPORTED', /by POST/],
    ['subscription { scanProgress(id: "s1") { nope } }', 'BAD_USER_INPUT', /nope/],
    ['subscription {', 'BAD_USER_INPUT', /Syntax Error/],
    ['subscription ($n: Int!) { scanProgress(id: "s1") { id } }', 'BAD_USER_INPUT', /\$n/],
    [
      'subscription { scanProgress(id: "s1") { id } me: scanProgress(id: "s1") { id } }',
      'BAD_USER_INPUT',
      /one/,
    ],
    [`subscription { scanProgress(id: "s1") { ${'a: id '.repeat(16)} } }`, 'LIMIT_EXCEEDED', /aliases/],
    [`subscription { scanProgress(id: "s1") { ${'id '.repeat(2_100)} } }`, 'BAD_USER_INPUT', /token/],
  ])('refuses %s', async (query, code, message) => {
    await start();
    const errors = (await outcome(connect(), query)) as { message: string; extensions: object }[];
    expect(errors[0]?.message).toMatch(message);
    expect(errors[0]?.extensions).toMatchObject({
      code,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(watchersOf(api)).toBe(0);
  });

  it('shows no schema to whom introspection is off', async () => {
    await start({ config: { introspection: false } });
    const query = 'subscription { scanProgress(id: "s1") { __typename target { nam } } }';
    expect(JSON.stringify(await outcome(connect(), query))).not.toContain('Did you mean');
    expect(
      JSON.stringify(await outcome(connect(), 'subscription { __schema { types { name } } }')),
    ).toContain('BAD_USER_INPUT');
  });

  it('Q11: bounds sockets and streams of one token and of all', async () => {
    await start({ live: { limits: limits([2, 3], [2, 4]) } });
    const [first, second, third] = [connect(), connect(), connect()];
    const held = [
      first.subscribe(SCAN_PROGRESS, { id: 's1' }),
      second.subscribe(SCAN_PROGRESS, { id: 's1' }),
    ];
    for (const updates of held) await updates.next();
    expect(await outcome(first)).toMatchObject([
      { message: expect.stringContaining('at most 2'), extensions: { code: 'RATE_LIMITED' } },
    ]);
    await outcome(third);
    expect(await third.closed).toMatchObject({
      code: 1013,
      reason: expect.stringContaining('has 2 WebSockets'),
    });

    const others = connect({ token: tokenOf('ADMIN') });
    await others.subscribe(SCAN_PROGRESS, { id: 's1' }).next();
    const refused = await upgrade({});
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10']);
    for (const updates of held) await updates.return?.();
    await soon(() => expect(watchersOf(api)).toBe(1));
    expect(await outcome(first)).toMatchObject({ data: {} });
  });

  it('Q11: hangs up within seconds when the token expires or is revoked', async () => {
    await start({
      live: { checkTokensEveryMs: 30 },
      authenticate: async (token) => {
        if (revoked.has(token ?? '')) throw new HygieneError('TOKEN_EXPIRED', 'The token expired.');
        return authenticate(token);
      },
    });
    const [expiring, other] = [connect(), connect({ token: tokenOf('ADMIN') })];
    const updates = expiring.subscribe(SCAN_PROGRESS, { id: 's1' });
    await updates.next();
    await other.subscribe(SCAN_PROGRESS, { id: 's1' }).next();
    revoked.add(tokenOf('READ'));
    expect(await expiring.closed).toMatchObject({ code: 4401, reason: 'TOKEN_EXPIRED: The token expired.' });
    await soon(() => expect(watchersOf(api)).toBe(1));
  });

  it.each([
    [{ origin: 'https://portal.example.test' }, 101],
    [{ origin: 'https://tags.example.test' }, 101],
    [{ origin: 'https://evil.example.test' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 101],
  ])('answers an upgrade with %o by %i', async (headers: Record<string, string>, status) => {
    await start();
    const reply = await upgrade(headers);
    expect(reply.status).toBe(status);
    if (status === 403) expect(JSON.parse(reply.body)).toMatchObject({ status: 403, instance: '/graphql' });
  });

  it('takes no other protocol, no large or binary message, and no upgrade elsewhere', async () => {
    await start();
    const code = async (protocol: string, send: string | Buffer) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol);
      socket.on('error', () => {});
      socket.on('open', () => socket.send(send));
      return new Promise((resolve) => socket.on('close', (closing: number) => resolve(closing)));
    };
    expect(await code('graphql-transport-ws', 'x'.repeat(70_000))).toBe(1009);
    expect(await code('graphql-transport-ws', Buffer.from('{}'))).toBe(1003);
    expect(await code('graphql-transport-ws', '{"type":"nonsense"}')).toBe(4400);
    expect(await code('graphql-ws', '{}')).not.toBe(1000);
    const elsewhere = await upgrade({ authorization: `Bearer ${tokenOf('READ')}` }, '/api/v1/me');
    expect(elsewhere.status).toBe(200);
    expect((await upgrade({ upgrade: 'h2c' }, '/health/live')).status).toBe(200);
  });

  it('says over POST where subscriptions are served', async () => {
    await start();
    const reply = await api.graphql('subscription { scanProgress(id: "s1") { id } }');
    expect([reply.status, reply.errors[0]?.extensions['code']]).toEqual([400, 'UNSUPPORTED']);
    expect(reply.errors[0]?.message).toContain('WebSocket');
  });

  it('ends every connection when the service stops', async () => {
    await start();
    const client = connect();
    await client.subscribe(SCAN_PROGRESS, { id: 's1' }).next();
    const at = performance.now();
    await api.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(performance.now() - at).toBeLessThan(1_500);
    expect(watchersOf(api)).toBe(0);
    await start();
  });

  /** Asks for an upgrade and looks at the answer only. */
  async function upgrade(headers: Record<string, string>, path = '/graphql') {
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const ask = request(`${url}${path}`, {
          headers: {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
            'sec-websocket-protocol': 'graphql-transport-ws',
            ...headers,
          },
        });
        ask.on('upgrade', (reply, socket) => {
          socket.destroy();
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: '' });
        });
        ask.on('response', (reply) => {
          let body = '';
          reply.on('data', (chunk: Buffer) => (body += chunk.toString()));
          reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
        });
        ask.on('error', reject);
        ask.end();
      },
    );
  }
});
