import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HygieneError } from '#core';
import { authenticate, startApi, tokenOf, type ApiFixture } from '../testing/api-fixture.js';
import { MovingScan, watchersOf } from '../testing/moving-scan.js';

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const STREAM = { accept: 'text/event-stream' };

/** The events of a stream, one after the other, as an EventSource takes them. */
class Events {
  private text = '';
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(readonly reply: Response) {
    this.reader = (reply.body as ReadableStream<Uint8Array>).getReader();
  }

  /** The next block that is an event; null at the end. */
  async next(): Promise<Record<string, string> | null> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        const fields = Object.fromEntries(
          block.split('\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2)),
        );
        if ('event' in fields) return fields as Record<string, string>;
        continue;
      }
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.text += Buffer.from(value).toString();
    }
  }

  leave(): Promise<void> {
    return this.reader.cancel();
  }
}

describe('a scan as events', () => {
  let api: ApiFixture;
  let scan: MovingScan;
  let url: string;
  const open: Events[] = [];
  const revoked = new Set<string>();

  async function start(options: Parameters<typeof startApi>[0] = {}) {
    scan = new MovingScan();
    api = await startApi({ handlers: scan.handlers, ...options });
    url = await api.listen();
  }
  const ask = (id = 's1', token = tokenOf('READ'), headers: Record<string, string> = STREAM) =>
    fetch(`${url}/api/v1/scans/${id}/events`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const follow = async (...args: Parameters<typeof ask>) => {
    const events = new Events(await ask(...args));
    open.push(events);
    return events;
  };

  beforeEach(() => void revoked.clear());
  afterEach(async () => {
    for (const events of open.splice(0)) await events.leave();
    await api.close();
  });

  it('tells progress and the end, and ends', async () => {
    await start();
    const events = await follow();
    expect(Object.fromEntries(events.reply.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    const first = await events.next();
    expect(first).toMatchObject({ id: '1', event: 'progress' });
    const whole = (await api.rest('GET', '/api/v1/scans/s1')).json<object>();
    expect(JSON.parse(first?.['data'] ?? '')).toEqual(whole);
    scan.move(api, { progress: { done: 5, total: 9 } });
    expect(JSON.parse((await events.next())?.['data'] ?? '')).toMatchObject({ progress: { done: 5 } });
    scan.finish(api);
    const last = [await events.next(), await events.next(), await events.next()];
    expect(last).toMatchObject([{ id: '3', event: 'progress' }, { id: 'end', event: 'done' }, null]);
    expect(JSON.parse(last[1]?.['data'] ?? '')).toMatchObject({ status: 'SUCCEEDED' });
    expect(watchersOf(api)).toBe(0);
  });

  it('takes any Last-Event-ID, and sends away who has seen the end', async () => {
    await start();
    for (const given of ['7', 'end', "'; drop table scan"]) {
      const events = await follow('s1', tokenOf('READ'), { ...STREAM, 'last-event-id': given });
      expect(await events.next()).toMatchObject({ id: '1' });
    }
    scan.finish(api);
    expect((await ask('s1', tokenOf('READ'), { ...STREAM, 'last-event-id': 'end' })).status).toBe(204);
    expect((await ask('s1', tokenOf('READ'), { ...STREAM, 'last-event-id': '3' })).status).toBe(200);
  });

  it('answers what is wrong before it begins', async () => {
    await start();
    const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;
    expect(await status('s9')).toBe(404);
    expect(await status('s1', tokenOf('none'))).toBe(403);
    expect(await status('s1', 'twd_unknown')).toBe(401);
    expect(await status('s1', tokenOf('READ'), { accept: 'application/json' })).toBe(406);
    const query = await fetch(`${url}/api/v1/scans/s1/events?token=x`, {
      headers: { authorization: `Bearer ${tokenOf('READ')}` },
    });
    expect(query.status).toBe(400);
    const head = await fetch(`${url}/api/v1/scans/s1/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${tokenOf('READ')}` },
    });
    expect([head.status, head.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    const post = await api.rest('POST', '/api/v1/scans/s1/events', { body: {} });
    expect([post.statusCode, post.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect(watchersOf(api)).toBe(0);
  });

  it('stops watching when its reader is gone', async () => {
    await start();
    const events = await follow();
    await events.next();
    expect(watchersOf(api)).toBe(1);
    await events.leave();
    await soon(() => expect(watchersOf(api)).toBe(0));
  });

  it('keeps nothing for a reader that does not read', async () => {
    await start();
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.pause();
    socket.write(
      `GET /api/v1/scans/s1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf('READ')}\r\n\r\n`,
    );
    await soon(() => expect(watchersOf(api)).toBe(1));
    const before = process.memoryUsage().arrayBuffers;
    // Far more than the kernel holds for the two ends.
    const errors = [
      { code: 'INTERNAL' as const, message: 'y'.repeat(200_000), scope: null, retryable: false },
    ];
    for (let done = 1; done <= 500; done++) scan.move(api, { errors, progress: { done, total: 500 } });
    await soon(() => expect(watchersOf(api)).toBe(1));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    socket.destroy();
    await soon(() => expect(watchersOf(api)).toBe(0));
  });

  it('Q11: bounds the streams of one token', async () => {
    const limits = {
      sockets: { of: 'WebSockets', perToken: 1, total: 1 },
      streams: { of: 'live streams', perToken: 2, total: 9 },
    };
    await start({ live: { limits } });
    const held = [await follow(), await follow()];
    for (const events of held) await events.next();
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await refused.json()).toMatchObject({ reason: 'RATE_LIMITED' });
    expect((await follow('s1', tokenOf('ADMIN'))).reply.status).toBe(200);
    await held[0]?.leave();
    await soon(() => expect(watchersOf(api)).toBe(2));
    expect((await follow()).reply.status).toBe(200);
  });

  it('Q11: says why it ends when the token expires or the scan is gone', async () => {
    await start({
      live: { checkTokensEveryMs: 30 },
      authenticate: async (token) => {
        if (revoked.has(token ?? '')) throw new HygieneError('TOKEN_EXPIRED', 'The token expired.');
        return authenticate(token);
      },
    });
    const [expiring, gone] = [await follow(), await follow('s1', tokenOf('ADMIN'))];
    for (const events of [expiring, gone]) await events.next();
    revoked.add(tokenOf('READ'));
    const told = await expiring.next();
    expect(told).toMatchObject({
      event: 'problem',
      data: expect.stringContaining('"reason":"TOKEN_EXPIRED"'),
    });
    expect(await expiring.next()).toBeNull();

    scan.remove(api);
    expect(await gone.next()).toMatchObject({ event: 'problem', data: expect.stringContaining('NOT_FOUND') });
    expect(await gone.next()).toBeNull();
    await soon(() => expect(watchersOf(api)).toBe(0));
  });

  it('ends when the service stops', async () => {
    await start();
    const events = await follow();
    await events.next();
    const at = performance.now();
    await api.close();
    expect(await events.next()).toBeNull();
    expect(performance.now() - at).toBeLessThan(1_500);
    await start();
  });
});

describe('waiting for the end of a scan', () => {
  let api: ApiFixture;
  let scan: MovingScan;
  beforeEach(async () => {
    scan = new MovingScan();
    const limits = {
      sockets: { of: 'WebSockets', perToken: 1, total: 1 },
      streams: { of: 'live streams', perToken: 1, total: 9 },
    };
    api = await startApi({ handlers: scan.handlers, live: { limits } });
  });
  afterEach(() => api.close());
  const post = (wait: string) =>
    api.rest('POST', `/api/v1/scans${wait}`, { token: tokenOf('SCAN'), body: { targetId: 't1' } });

  it('answers 200 with the scan that ends in time', async () => {
    const reply = post('?wait=60');
    await soon(() => expect(watchersOf(api)).toBe(1));
    scan.finish(api);
    const { statusCode, headers } = await reply;
    expect([statusCode, headers['location'], headers['retry-after']]).toEqual([
      200,
      '/api/v1/scans/s1',
      undefined,
    ]);
    expect((await reply).json()).toMatchObject({ id: 's1', status: 'SUCCEEDED' });
    expect(watchersOf(api)).toBe(0);
    expect((await post('?wait=60')).statusCode).toBe(200);
  });

  it('answers 202 with the present state otherwise, and says when to ask again', async () => {
    const reply = post('?wait=1');
    await soon(() => expect(watchersOf(api)).toBe(1));
    scan.move(api, { progress: { done: 3, total: 9 } });
    const { statusCode, headers } = await reply;
    expect([statusCode, headers['location'], headers['retry-after']]).toEqual([202, '/api/v1/scans/s1', '2']);
    expect((await reply).json()).toMatchObject({ status: 'RUNNING', progress: { done: 3 } });
    expect((await post('?wait=0')).statusCode).toBe(202);
    expect((await post('')).headers['retry-after']).toBeUndefined();
  });

  it('waits at the scan itself, too', async () => {
    const reply = api.rest('GET', '/api/v1/scans/s1?wait=60');
    await soon(() => expect(watchersOf(api)).toBe(1));
    scan.finish(api);
    expect((await reply).json()).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    '?wait=121',
    '?wait=-1',
    '?wait=1.5',
    '?wait=',
    '?wait=x',
    '?wait=1&wait=2',
    '?wait=1&x=2',
    '?x=1',
  ])('refuses %s', async (query) => {
    const reply = await post(query);
    expect([reply.statusCode, reply.json<{ reason: string }>().reason]).toEqual([400, 'INPUT_INVALID']);
  });

  it('belongs to scans alone', async () => {
    expect((await api.rest('GET', '/api/v1/targets/t1?wait=1')).statusCode).toBe(400);
  });

  it('stops waiting when the caller is gone, and answers at once when the token waits too often', async () => {
    const url = await api.listen();
    const gone = new AbortController();
    const asked = fetch(`${url}/api/v1/scans/s1?wait=60`, {
      headers: { authorization: `Bearer ${tokenOf('SCAN')}` },
      signal: gone.signal,
    }).catch(() => null);
    await soon(() => expect(watchersOf(api)).toBe(1));
    expect((await post('?wait=60')).statusCode).toBe(202);
    gone.abort();
    await asked;
    await soon(() => expect(watchersOf(api)).toBe(0));
  });

  it('is answered when the service stops', async () => {
    const url = await api.listen();
    const asked = fetch(`${url}/api/v1/scans/s1?wait=60`, {
      headers: { authorization: `Bearer ${tokenOf('SCAN')}` },
    });
    await soon(() => expect(watchersOf(api)).toBe(1));
    await api.close();
    expect((await asked).status).toBe(200);
    api = await startApi();
  });
});
