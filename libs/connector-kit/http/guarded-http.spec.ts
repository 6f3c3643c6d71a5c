import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HygieneError } from '#core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutboundGuard } from '../outbound/outbound-guard.js';
import { GuardedHttp } from './guarded-http.js';
import type { HttpRequest } from './http-request.js';

const LIMITS = { headersMs: 1_000, idleMs: 1_000, totalMs: 2_000, maxBytes: 1_048_576 };
const CREDENTIALS = { authorization: 'Bearer a-secret', 'private-token': 'another', 'x-api-key': 'third' };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
interface Remote {
  readonly url: string;
  readonly seen: IncomingMessage[];
  handle: Handler;
}

const servers: Server[] = [];
let http: GuardedHttp;
let remote: Remote;

async function startRemote(): Promise<Remote> {
  const made: Remote & { url: string } = {
    url: '',
    seen: [],
    handle: (_request, response) => response.end('ok'),
  };
  const server = createServer((request, response) => {
    made.seen.push(request);
    made.handle(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return made;
}

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: new URL(url),
  what: 'the list',
  limits: LIMITS,
  signal: new AbortController().signal,
  ...more,
});

async function failure(work: Promise<unknown>): Promise<HygieneError> {
  const error = await work.then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HygieneError);
  return error as HygieneError;
}

const text = async (url: string, more?: Partial<HttpRequest>): Promise<string> =>
  (await http.send(request(url, more))).text();

beforeEach(async () => {
  http = new GuardedHttp(new OutboundGuard({ allow: ['127.0.0.1'], allowLocal: false }), {
    connections: 4,
    connectMs: 1_000,
  });
  remote = await startRemote();
});
afterEach(async () => {
  await http.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('guarded HTTP', () => {
  it('gives status, headers and body', async () => {
    remote.handle = (_request, response) => {
      response.writeHead(404, { link: ['<a>', '<b>'] });
      response.end('nothing');
    };
    const reply = await http.send(request(`${remote.url}/x?y=1`, { credentials: CREDENTIALS }));
    expect([reply.status, reply.headers('link'), reply.header('absent'), await reply.text()]).toEqual([
      404,
      ['<a>', '<b>'],
      null,
      'nothing',
    ]);
    expect(remote.seen[0]?.url).toBe('/x?y=1');
    expect(remote.seen[0]?.headers).toMatchObject(CREDENTIALS);
  });

  it('keeps its connections through HEAD, discarded and read replies', async () => {
    const ports = new Set<number | undefined>();
    remote.handle = ({ socket }, response) => {
      ports.add(socket.remotePort);
      response.end('ok');
    };
    for (let turn = 0; turn < 3; turn += 1) {
      await (await http.send(request(remote.url, { method: 'HEAD' }))).discard();
      await (await http.send(request(remote.url))).discard();
      await text(remote.url);
    }
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('H1: connects to no private address that is not allowed, however it is spelled', async () => {
    for (const host of ['10.0.0.1', '0x0a.0.0.1', '[::ffff:10.0.0.1]', '169.254.169.254', '[::1]'])
      expect((await failure(http.send(request(`http://${host}/`)))).code).toBe('ADDRESS_REFUSED');
  });

  it('H3: connects to the address that was checked: a name is asked once, and a private answer never gets a socket', async () => {
    const { port } = new URL(remote.url);
    const given: string[] = [];
    const guard = new OutboundGuard({ allow: ['127.0.0.1'], allowLocal: false }, async () => {
      given.push(given.length === 0 ? '127.0.0.1' : '127.0.0.2');
      return [{ address: given.at(-1) ?? '', family: 4 }];
    });
    const other = new GuardedHttp(guard, { connections: 1, connectMs: 1_000 });
    const first = await other.send(request(`http://rebind.test:${port}/`));
    expect([await first.text(), given.length]).toEqual(['ok', 1]);
    await other.close();
    const again = new GuardedHttp(guard, { connections: 1, connectMs: 1_000 });
    expect((await failure(again.send(request(`http://rebind.test:${port}/`)))).code).toBe('ADDRESS_REFUSED');
    expect(remote.seen).toHaveLength(1);
    await again.close();
  });

  it('H10: follows a redirect to another host without any header that carries a secret, even back again', async () => {
    const other = await startRemote();
    remote.handle = ({ url }, response) => {
      if (url === '/end') response.end('here');
      else response.writeHead(307, { location: `${other.url}/hop` }).end();
    };
    other.handle = (_request, response) => response.writeHead(302, { location: `${remote.url}/end` }).end();
    expect(await text(`${remote.url}/start`, { credentials: CREDENTIALS, headers: { accept: 'a/b' } })).toBe(
      'here',
    );
    const [start, end] = remote.seen;
    expect(start?.headers).toMatchObject(CREDENTIALS);
    for (const one of [other.seen[0], end]) {
      expect(one?.headers.accept).toBe('a/b');
      for (const name of Object.keys(CREDENTIALS)) expect(one?.headers[name]).toBeUndefined();
    }
  });

  it('H10: follows three redirects at most, none to a refused address or scheme, and none of a POST', async () => {
    const to = (location: string): void => {
      remote.handle = (_request, response) => response.writeHead(302, { location }).end();
    };
    to('/again');
    expect((await failure(http.send(request(remote.url)))).code).toBe('REMOTE_REPLY_INVALID');
    expect(remote.seen).toHaveLength(4);
    for (const location of [
      'http://169.254.169.254/',
      'http://10.1.1.1/',
      'file:///etc/passwd',
      'http://a:b@127.0.0.1/',
    ]) {
      to(location);
      expect((await failure(http.send(request(remote.url)))).code).toBe('ADDRESS_REFUSED');
    }
    to('/elsewhere');
    const reply = await http.send(request(remote.url, { method: 'POST', body: 'x' }));
    expect(reply.status).toBe(302);
    await reply.discard();
  });

  it('H16: cuts an endless body off, whatever its length claims to be', async () => {
    remote.handle = (_request, response) => {
      const push = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', push);
      push();
    };
    const error = await failure(text(remote.url));
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
    expect(error.message).toContain('1 MiB');
  });

  it('H17: counts what comes out of a gzip body, and refuses encodings in several steps', async () => {
    remote.handle = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 1_048_576)));
    expect((await failure(text(remote.url, { compressed: true }))).message).toContain('1 MiB');
    remote.handle = (_request, response) =>
      response.writeHead(200, { 'content-encoding': Array(1_000).fill('gzip').join(', ') }).end('x');
    expect((await failure(text(remote.url))).code).toBe('REMOTE_REPLY_INVALID');
    remote.handle = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain'));
    expect(await text(remote.url, { compressed: true })).toBe('plain');
  });

  it('H26: gives up on a server that takes the request and is silent, or trickles', async () => {
    const limits = { headersMs: 300, idleMs: 300, totalMs: 700, maxBytes: 1_000 };
    remote.handle = () => {};
    expect((await failure(text(remote.url, { limits: { ...limits, headersMs: 60_000 } }))).code).toBe(
      'REMOTE_TIMEOUT',
    );
    const trickle = (_request: IncomingMessage, response: ServerResponse): void => {
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    };
    remote.handle = trickle;
    expect((await failure(text(remote.url, { limits }))).code).toBe('REMOTE_TIMEOUT');
  });

  it('ends with CANCELLED at once, before and within a body', async () => {
    remote.handle = (_request, response) => void response.write('x');
    const abort = new AbortController();
    const reading = failure(text(remote.url, { signal: abort.signal }));
    abort.abort();
    expect((await reading).code).toBe('CANCELLED');
    expect((await failure(http.send(request(remote.url, { signal: abort.signal })))).code).toBe('CANCELLED');
  });

  it('says that nobody listens, and that what answers is no HTTP', async () => {
    expect(await failure(text('http://127.0.0.1:1/'))).toMatchObject({
      code: 'REMOTE_UNREACHABLE',
      retryable: true,
    });
    remote.handle = ({ socket }) => void socket.end('SSH-2.0-OpenSSH\r\n');
    expect((await failure(text(remote.url))).code).toBe('REMOTE_REPLY_INVALID');
    remote.handle = ({ socket }) => void socket.destroy();
    expect((await failure(text(remote.url))).code).toBe('REMOTE_UNREACHABLE');
  });
});
