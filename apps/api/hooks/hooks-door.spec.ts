import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { HygieneError } from '#core';
import type { DeliveryRequest } from '#application';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';

const MIB = 1_048_576;
let api: ApiFixture;
let seen: DeliveryRequest[] = [];
let answer: () => Promise<{ scanIds: string[] }>;
beforeAll(async () => {
  api = await startApi({
    receiveDelivery: {
      execute: (request) => {
        seen.push(request);
        return answer();
      },
    },
  });
  await api.app.listen(0, '127.0.0.1');
});
beforeEach(() => {
  seen = [];
  answer = async () => ({ scanIds: ['s1'] });
});
afterAll(() => api.close());

const post = (body: string | object, headers: Record<string, string> = {}, id = 'w1') =>
  api.rest('POST', `/hooks/${id}`, { token: null, body, headers });

function dial(): Socket {
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  return connect(port, '127.0.0.1');
}

describe('the door of webhooks', () => {
  it.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/cloudevents+json',
    'x/y',
  ])('W4: gives the bytes of a body of type %s as they came', async (type) => {
    const body = '{ "a" : "caf\u00e9 \u{1f433}",\r\n"a":1}';
    const reply = await post(body, { 'content-type': type });
    expect([reply.statusCode, reply.json()]).toEqual([202, { scanIds: ['s1'] }]);
    expect(seen[0]?.body.toString()).toBe(body);
  });

  it('W2: gives every value of a header that comes twice', async () => {
    const socket = dial();
    const lines = ['POST /hooks/w1 HTTP/1.1', 'host: x', 'authorization: one', 'Authorization: two'];
    socket.write([...lines, 'connection: close', 'content-length: 2', '', '{}'].join('\r\n'));
    await once(socket, 'data');
    socket.destroy();
    expect(seen[0]?.headers['authorization']).toEqual(['one', 'two']);
  });

  it('takes a body without a type, and none', async () => {
    const socket = dial();
    socket.write('POST /hooks/w1 HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.toString()).toMatch(/^HTTP\/1.1 202/);
    expect((await api.rest('POST', '/hooks/w1', { token: null })).statusCode).toBe(202);
    expect(seen.map(({ body }) => body.toString())).toEqual(['{}', '']);
  });

  it.each(['gzip', 'gzip, gzip', 'deflate', 'br', 'identity, gzip', 'x'])(
    'W12: refuses a body in %s',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(8 * MIB)).toString('latin1');
      const reply = await post(bomb, { 'content-encoding': encoding, 'content-type': 'application/json' });
      expect([reply.statusCode, reply.json<{ code: string }>().code, seen]).toEqual([
        415,
        'BAD_USER_INPUT',
        [],
      ]);
    },
  );

  it('W11: refuses more than 1 MiB', async () => {
    expect((await post('x'.repeat(MIB), { 'content-type': 'text/plain' })).statusCode).toBe(202);
    const reply = await post('x'.repeat(MIB + 1), { 'content-type': 'text/plain' });
    expect(reply.json()).toMatchObject({ code: 'LIMIT_EXCEEDED', detail: expect.stringContaining('1 MiB') });
    expect([reply.statusCode, seen.length]).toEqual([413, 1]);
  });

  it.each([
    ['W11: chunked without a length', 'transfer-encoding: chunked'],
    ['W11: with its length', `content-length: ${30 * MIB}`],
    ['W11: with a length that is a lie', 'content-length: 10'],
  ])('30 MB: %s: end the connection and fill no memory', async (_why, header) => {
    const before = process.memoryUsage().rss;
    const socket = dial().on('error', () => {});
    const replies: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => replies.push(chunk));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`POST /hooks/w1 HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${header}\r\n\r\n`);
    const block = Buffer.alloc(MIB, 'x');
    const chunk = header.startsWith('transfer')
      ? Buffer.concat([Buffer.from('100000\r\n'), block, Buffer.from('\r\n')])
      : block;
    for (let n = 0; n < 30 && !socket.destroyed; n += 1)
      await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    await closed;
    const status = /^HTTP\/1.1 (\d+)/.exec(Buffer.concat(replies).toString())?.[1];
    expect(header.endsWith(' 10') ? ['202', '400', undefined] : ['413', undefined]).toContain(status);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * MIB);
  });

  it('W10: an address that never was and a bad signature get the same bytes', async () => {
    answer = () => Promise.reject(new HygieneError('SIGNATURE_INVALID', 'Not signed.'));
    const replies = await Promise.all(['w1', 'w2', 'x'.repeat(200), '%00'].map((id) => post({}, {}, id)));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401]);
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    expect(replies[0]?.json()).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'SIGNATURE_INVALID',
      instance: '/hooks',
    });
    const names = replies.map(({ headers }) => Object.keys(headers).sort().join());
    expect(new Set(names).size).toBe(1);
  });

  it('W22, W24: says when to come again', async () => {
    answer = () => Promise.reject(new HygieneError('RATE_LIMITED', 'Slower.', { retryAfterMs: 1_000 }));
    const busy = await post({});
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([429, '1']);
    answer = () =>
      Promise.reject(new HygieneError('DEPENDENCY_DOWN', 'PostgreSQL is away.', { retryAfterMs: 1_000 }));
    const down = await post({});
    expect([down.statusCode, down.headers['retry-after'], down.json<{ code: string }>().code]).toEqual([
      503,
      '1',
      'UNAVAILABLE',
    ]);
  });

  it('needs no token, takes POST alone, and logs neither body nor signature', async () => {
    await post(
      { canary: 'in-the-body' },
      { 'x-hub-signature-256': 'sha256=canary', authorization: 'Bearer canary' },
    );
    expect(api.logLines.join('\n')).not.toContain('canary');
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const reply = await api.rest(method, '/hooks/w1', { token: null });
      expect([reply.statusCode, reply.headers['allow']]).toEqual([405, 'POST']);
    }
  });
});
