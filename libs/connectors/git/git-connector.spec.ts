import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '#core';
import { rebuildRemote, runGit, startGitHttpBackend, type GitHttpBackend } from '#testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, openGit, readGit } from './testing-kit.fixture.js';

const root = mkdtempSync(join(tmpdir(), 'git-connector-'));
const cache = join(root, 'cache');
const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';
const SECRET = { kind: 'BEARER', values: { token: 'a-token-of-the-tests' } } as const;

let server: GitHttpBackend;
const opened: Connector[] = [];
const listeners: Server[] = [];

beforeAll(async () => {
  server = await startGitHttpBackend({ root });
  await rebuildRemote(['refs/tags/v1\tcommit\tx\t\t1600000000'], join(root, 'acme', 'app.git'));
});
afterEach(async () => {
  server.intercept(null);
  for (const connector of opened.splice(0)) await connector.close();
  for (const listener of listeners.splice(0)) listener.close();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(url: string, secret: Parameters<typeof openGit>[2] = null): Promise<Connector> {
  const connector = await openGit(url, cache, secret);
  opened.push(connector);
  return connector;
}

const app = (): Promise<Connector> => open(`${server.url}/acme/app.git`, SECRET);

/** A server of git:// that does with each connection what it is told. */
async function listen(serve: (socket: Socket) => void): Promise<string> {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  listeners.push(listener);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return `git://127.0.0.1:${(listener.address() as AddressInfo).port}/app.git`;
}

describe('what a repository gives', () => {
  it('comes in the order of the port: the resource, its unit, all scopes, progress', async () => {
    const { events, resource } = await readGit(await app());
    const unit = { scope: 'acme/app', resourceType: 'repository' };
    expect(events.map(({ type }) => type)).toEqual(['resources', 'complete', 'all-scopes', 'progress']);
    expect(events[1]).toEqual({ type: 'complete', unit });
    expect(resource).toMatchObject({ ...unit, resource: 'acme/app', createdAt: null, managedBy: null });
    expect(resource.facts).toEqual({ objectFormat: 'sha1', head: 'refs/heads/main', symbolic: {} });
    expect(resource.tags.map(({ name, value, createdAt }) => [name, value, createdAt])).toEqual([
      ['v1', null, null],
    ]);
  });

  it('is nothing when another resource or scope is asked for: this one is not called gone', async () => {
    const connector = await app();
    const { signal } = new AbortController();
    for (const request of [{ resources: ['acme/other'] }, { resources: null, scopes: ['acme/other'] }]) {
      for await (const event of connector.listResources({ ...request, signal })) expect.fail(event.type);
    }
    expect(
      (await readGit(connector, { resources: ['acme/app'], scopes: ['acme/app'] })).resource.tags,
    ).toHaveLength(1);
  });

  it('may be a repository without tags, without anything, without HEAD', async () => {
    const empty = join(root, 'empty.git');
    await runGit(['init', '--quiet', '--bare', empty]);
    expect((await readGit(await open(`${server.url}/empty.git`))).resource.tags).toEqual([]);
    await rebuildRemote(['refs/tags/v1\tcommit\tx\t\t1600000000'], join(root, 'headless.git'));
    await runGit(['-C', join(root, 'headless.git'), 'symbolic-ref', 'HEAD', 'refs/heads/nothing']);
    const { resource } = await readGit(await open(`${server.url}/headless.git`));
    expect(resource.tags.map(({ name }) => name)).toEqual(['v1']);
    expect(resource.facts['head']).toBeNull();
  });

  it('G10: has odd names exactly as git has them', async () => {
    const odd = [
      '-d',
      'HEAD',
      '@',
      'refs/heads/main',
      'a/b/c',
      'é/\u200bx',
      '\u202egnp',
      'vеrsion',
      '😀',
      `${'x/'.repeat(1_200)}y`,
    ];
    const path = join(root, 'odd.git');
    await rebuildRemote([], path);
    const tree = (await runGit(['-C', path, 'mktree'])).trim();
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
    const commit = (await runGit(['-C', path, ...who, 'commit-tree', '-m', 'x', tree])).trim();
    for (const name of odd) await runGit(['-C', path, 'update-ref', `refs/tags/${name}`, commit]);
    await runGit(['-C', path, 'update-ref', 'refs/heads/v9', commit]);
    const { resource, errors } = await readGit(await open(`${server.url}/odd.git`));
    expect(resource.tags.map(({ name }) => name).sort()).toEqual([...odd].sort());
    expect(new Set(resource.tags.map(({ digest }) => digest))).toEqual(new Set([commit]));
    expect(errors).toEqual([]);
  });

  it('may be of sha256, and have tags that are names for others', async () => {
    const path = join(root, 'sha256.git');
    await rebuildRemote(['refs/tags/v1\ttag\tx\ty\t1600000000'], path, { objectFormat: 'sha256' });
    await runGit(['-C', path, 'symbolic-ref', 'refs/tags/latest', 'refs/tags/v1']);
    const { resource } = await readGit(await open(`${server.url}/sha256.git`), {
      facts: new Set(['created']),
    });
    const [latest, v1] = resource.tags;
    expect(v1?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(latest).toEqual({ ...v1, name: 'latest' });
    expect(v1?.createdAt).toEqual(new Date(1_600_000_000_000));
    expect(resource.facts).toMatchObject({ objectFormat: 'sha256', symbolic: { latest: 'refs/tags/v1' } });
  });

  it('is told with what could not be taken in, said once', async () => {
    const id = 'a'.repeat(40);
    const url = await listen((socket) => {
      const lines = [`${id} refs/tags/v1\0 filter`, `${id} refs/tags/a..b`, `${'b'.repeat(40)} refs/tags/v1`];
      socket.end(
        `${lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`).join('')}0000`,
      );
    });
    const { resource, errors, events } = await readGit(await open(url));
    expect(resource.tags).toMatchObject([{ name: 'v1', digest: null, pointer: {} }]);
    expect(errors.map(({ code, scope }) => [code, scope])).toEqual([
      ['REMOTE_REPLY_INVALID', 'app'],
      ['REMOTE_REPLY_INVALID', 'app'],
    ]);
    expect(errors.map(({ message }) => message).join()).not.toContain('a..b');
    // The line that could not be read may have been any tag.
    expect(events.some(({ type }) => type === 'complete' || type === 'all-scopes')).toBe(false);
  });

  it('counts nothing as gone when an id is none', async () => {
    const url = await listen((socket) => {
      const lines = [`${'a'.repeat(40)} refs/tags/v1\0 filter`, `${'0'.repeat(40)} refs/tags/v2`];
      const packets = lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`);
      socket.end(`${packets.join('')}0000`);
    });
    const { errors, events } = await readGit(await open(url));
    expect(errors).toMatchObject([{ code: 'REMOTE_REPLY_INVALID', scope: 'app' }]);
    expect(events.some(({ type }) => type === 'complete' || type === 'all-scopes')).toBe(false);
  });
});

describe('a server that is none, or a bad one', () => {
  const answer = (status: number, headers: Record<string, string>, body = ''): void =>
    server.intercept((_request, response) => response.writeHead(status, headers).end(body));

  it.each([
    [401, 'REMOTE_AUTH_FAILED'],
    [403, 'REMOTE_AUTH_FAILED'],
    [404, 'REMOTE_FORBIDDEN'],
    [418, 'REMOTE_REPLY_INVALID'],
    [500, 'REMOTE_FAULT'],
  ])('HTTP %i is %s, without its words', async (status, code) => {
    answer(status, { 'content-type': 'text/plain' }, 'words of the server');
    const error = await failureOf((await app()).health(new AbortController().signal));
    expect(error.code).toBe(code);
    expect(error.message).toContain('/acme/app.git');
    expect(error.message).not.toMatch(/words of the server|a-token/);
  });

  it('without a credential, 401 and 403 say that one is needed', async () => {
    for (const [status, code] of [
      [401, 'REMOTE_AUTH_FAILED'],
      [403, 'REMOTE_FORBIDDEN'],
    ] as const) {
      answer(status, {});
      const connector = await open(`${server.url}/acme/app.git`);
      const error = await failureOf(connector.health(new AbortController().signal));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(/Give the target one/);
    }
  });

  it('a throttle says when to come again; a passing fault is tried again', async () => {
    answer(429, { 'retry-after': '120' });
    const before = server.requests.length;
    expect(await failureOf(readGit(await app()))).toMatchObject({
      code: 'REMOTE_THROTTLED',
      retryAfterMs: 120_000,
    });
    expect(server.requests.length - before).toBe(1);
    server.intercept((_request, response) => {
      server.intercept(null);
      response.writeHead(503).end();
    });
    expect((await readGit(await app())).resource.tags).toHaveLength(1);
  });

  it('G9: sends no credential to another host, and reads nothing from one', async () => {
    const seen: IncomingMessage[] = [];
    const other = await startGitHttpBackend({ root });
    other.intercept((request, response) => {
      seen.push(request);
      response.writeHead(200, { 'content-type': ADVERTISEMENT }).end('0000');
    });
    answer(302, { location: `${other.url}/acme/app.git/info/refs?service=git-upload-pack` });
    const error = await failureOf(readGit(await app()));
    expect(error.code).toBe('REMOTE_REPLY_INVALID');
    expect(error.message).toContain(other.url);
    expect(seen.map(({ method, headers }) => [method, headers.authorization])).toEqual([['GET', undefined]]);
    answer(302, { location: 'http://169.254.169.254/info/refs?x' });
    expect((await failureOf(readGit(await app()))).code).toBe('ADDRESS_REFUSED');
    await other.close();
  });

  it('follows a repository that was renamed on the same host, with the credential', async () => {
    const seen: (string | undefined)[] = [];
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      seen.push(request.headers.authorization);
      server.intercept(null);
      response.writeHead(301, { location: '/acme/app.git/info/refs?service=git-upload-pack' }).end();
    };
    server.intercept(serve);
    const before = server.requests.length;
    const { resource } = await readGit(await open(`${server.url}/acme/old-name`, SECRET));
    expect(resource.tags.map(({ name }) => name)).toEqual(['v1']);
    expect(seen).toEqual(['Bearer a-token-of-the-tests']);
    expect(server.requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /acme/old-name/info/refs?service=git-upload-pack',
      'GET /acme/app.git/info/refs?service=git-upload-pack',
      'POST /acme/app.git/git-upload-pack',
    ]);
  });

  it('a page, plain files and an answer of another kind are told apart', async () => {
    answer(200, { 'content-type': 'text/html' }, '<html>');
    expect((await failureOf(readGit(await app()))).message).toContain('a page');
    answer(200, { 'content-type': 'text/plain' }, `${'a'.repeat(40)}\trefs/tags/v1\n`);
    expect(await failureOf(readGit(await app()))).toMatchObject({ code: 'OPERATION_UNSUPPORTED' });
    server.intercept((request, response) => {
      if (request.method === 'GET')
        response.writeHead(200, { 'content-type': ADVERTISEMENT }).end('000eversion 2\n000bls-refs0000');
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });
    expect((await failureOf(readGit(await app()))).code).toBe('REMOTE_REPLY_INVALID');
  });

  it('an error in the protocol is told without its words', async () => {
    for (const [words, code] of [
      ['ERR \u001b[31mRepository not found', 'REMOTE_FORBIDDEN'],
      ['ERR \u001b[2Jout of cheese', 'REMOTE_FAULT'],
    ] as const) {
      const url = await listen((socket) =>
        socket.end(`${(words.length + 4).toString(16).padStart(4, '0')}${words}`),
      );
      const error = await failureOf((await open(url)).health(new AbortController().signal));
      expect(error.code).toBe(code);
      expect(error.message).not.toMatch(/cheese|\u001b/);
    }
  });

  it('G14: an endless advertisement ends at the limits, over HTTP and TCP, in little memory', async () => {
    const line = `003f${'a'.repeat(40)} refs/heads/branch\n`;
    const much = Buffer.from(`${line.length.toString(16).padStart(4, '0')}${line.slice(4)}`.repeat(10_000));
    const before = process.memoryUsage().rss;
    const push = (stream: Socket | ServerResponse): void => {
      const more = (): void => {
        while (!stream.destroyed && stream.write(much));
      };
      stream.on('drain', more);
      more();
    };
    server.intercept((_request, response) => {
      response.writeHead(200, { 'content-type': ADVERTISEMENT });
      push(response);
    });
    const overHttp = await failureOf(readGit(await app()));
    const overTcp = await failureOf(readGit(await open(await listen(push))));
    for (const error of [overHttp, overTcp]) {
      expect(error.code).toBe('REMOTE_REPLY_INVALID');
      expect(error.message).toMatch(/5,000,000 refs|1024 MiB/);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
  }, 60_000);

  it('ends with CANCELLED within a second over git:// and file://, whatever the server does', async () => {
    const silent = await open(await listen(() => undefined));
    for (const connector of [silent, await open(`file://${join(root, 'acme', 'app.git')}`)]) {
      const abort = new AbortController();
      const reading = failureOf(readGit(connector, { signal: abort.signal }));
      abort.abort();
      const began = performance.now();
      expect((await reading).code).toBe('CANCELLED');
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });

  it('says that nobody listens', async () => {
    const error = await failureOf(readGit(await open('git://127.0.0.1:1/x.git')));
    expect(error).toMatchObject({ code: 'REMOTE_UNREACHABLE', retryable: true });
    const silent = await listen((socket) => socket.destroy());
    expect((await failureOf(readGit(await open(silent)))).retryable).toBe(true);
  });
});
