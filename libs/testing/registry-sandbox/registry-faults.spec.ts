import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, imageManifest, OCI } from '../registry-content/index.js';
import { startRegistrySandbox, type RegistryFaultRequest, type RegistrySandbox } from './index.js';

const IMAGE = imageManifest();
const TAGS = Object.fromEntries(['a', 'b', 'c', 'd'].map((tag) => [tag, imageManifest({ layers: [tag] })]));
const REPOSITORIES = { 'acme/app': { tags: TAGS }, 'acme/other': { tags: { only: IMAGE } } };
const USERS = { ann: 'secret-of-ann' };
const LIST = '/v2/acme/app/tags/list';
const MANIFEST = '/v2/acme/app/manifests/a';

let sandbox: RegistrySandbox;
beforeEach(async () => {
  sandbox = await startRegistrySandbox({ repositories: REPOSITORIES });
});
afterEach(async () => {
  await sandbox.close();
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}${path}`, { redirect: 'manual', headers: { accept: OCI.manifest, ...headers } });
const tagsOf = async (response: Response) => ((await response.json()) as { tags: unknown[] }).tags;
const linkOf = (response: Response) => /<(.*)>/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
const outcome = (work: Promise<Response>) =>
  work.then(async (response) => (await response.arrayBuffer(), response.status)).catch(() => 'broken');

describe('a fault', () => {
  it('hits the requests it is for, so many times, after so many, and counts', async () => {
    const fault = sandbox.faults.inject({
      kind: 'error',
      path: '/v2/acme/app/',
      method: 'GET',
      after: 1,
      times: 2,
    });
    const statuses = [];
    for (const path of [LIST, '/v2/acme/other/tags/list', LIST, MANIFEST, LIST])
      statuses.push((await ask(path)).status);
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
    expect(fault.fired).toBe(2);
    sandbox.faults.inject({ kind: 'error', path: /manifests/ });
    expect([(await ask(LIST)).status, (await ask(MANIFEST)).status]).toEqual([200, 500]);
    sandbox.faults.clear();
    expect((await ask(MANIFEST)).status).toBe(200);
  });

  it.each<[RegistryFaultRequest, number, string]>([
    [{ kind: 'throttle', retryAfter: '-1' }, 429, 'TOOMANYREQUESTS'],
    [{ kind: 'error', status: 503 }, 503, 'UNKNOWN'],
    [{ kind: 'deny' }, 403, 'DENIED'],
    [{ kind: 'deny', status: 401 }, 401, 'DENIED'],
    [{ kind: 'not-found' }, 404, 'MANIFEST_UNKNOWN'],
  ])('is an error in the words of a registry: %o', async (request, status, code) => {
    sandbox.faults.inject({ ...request, times: 1 });
    const response = await ask(MANIFEST);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ code }] });
    expect(response.headers.get('retry-after')).toBe(request.retryAfter ?? null);
    expect((await ask(MANIFEST)).status).toBe(200);
  });
});

describe('a connection', () => {
  it('is dropped, cut off in the middle, or left waiting', async () => {
    sandbox.faults.inject({ kind: 'drop', times: 1 });
    expect(await outcome(ask(MANIFEST))).toBe('broken');
    sandbox.faults.inject({ kind: 'truncate', part: 0.9, times: 1 });
    expect(await outcome(ask(MANIFEST))).toBe('broken');
    const fault = sandbox.faults.inject({ kind: 'hang', times: 1 });
    const stop = new AbortController();
    const waiting = fetch(`${sandbox.url}${LIST}`, { signal: stop.signal });
    await expect.poll(() => fault.fired).toBe(1);
    expect(sandbox.requests.at(-1)?.status).toBeNull();
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/);
  });

  it('gives a byte at a time', async () => {
    const fault = sandbox.faults.inject({ kind: 'trickle', ms: 1, times: 1 });
    const tags = await tagsOf(await ask(LIST));
    expect(tags).toEqual(['a', 'b', 'c', 'd']);
    expect(fault.bytesSent).toBeGreaterThan(40);
    sandbox.faults.inject({ kind: 'trickle', ms: 60_000 });
    const stop = new AbortController();
    const response = await fetch(`${sandbox.url}${LIST}`, { signal: stop.signal });
    stop.abort();
    await expect(response.text()).rejects.toThrow(/abort/);
  });
});

describe('a body', () => {
  it('is a page for people', async () => {
    sandbox.faults.inject({ kind: 'html', times: 1 });
    const response = await ask(LIST);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('has another digest than its header says, or is another', async () => {
    sandbox.faults.inject({ kind: 'wrong-digest-header', times: 1 });
    const lied = await ask(MANIFEST);
    const own = TAGS['a']?.digest;
    expect(lied.headers.get('docker-content-digest')).not.toBe(own);
    expect(digestOf(Buffer.from(await lied.arrayBuffer()))).toBe(own);
    sandbox.faults.inject({ kind: 'wrong-digest-header', digest: 'sha256:../../x', times: 1 });
    expect((await ask(MANIFEST)).headers.get('docker-content-digest')).toBe('sha256:../../x');
    sandbox.faults.inject({ kind: 'wrong-bytes', times: 1 });
    const swapped = await ask(MANIFEST);
    expect(swapped.headers.get('docker-content-digest')).toBe(own);
    const bytes = Buffer.from(await swapped.arrayBuffer());
    expect(digestOf(bytes)).not.toBe(own);
    expect(bytes.length).toBe(TAGS['a']?.bytes.length);
    expect(JSON.parse(bytes.toString())).toBeTypeOf('object');
  });

  it('is huge, or unpacks to what is huge', async () => {
    const huge = sandbox.faults.inject({ kind: 'huge', bytes: 1_000_000, times: 1 });
    expect((await (await ask(MANIFEST)).text()).length).toBeGreaterThan(1_000_000);
    expect(huge.bytesSent).toBeGreaterThan(1_000_000);
    const bomb = sandbox.faults.inject({ kind: 'gzip-bomb', bytes: 20_000_000, times: 1 });
    expect((await (await ask(MANIFEST)).text()).length).toBeGreaterThan(20_000_000);
    expect(bomb.bytesSent).toBeLessThan(100_000);
  });

  it('stops when the client has enough', async () => {
    const fault = sandbox.faults.inject({ kind: 'huge', bytes: 10_000_000_000 });
    const stop = new AbortController();
    await fetch(`${sandbox.url}${MANIFEST}`, { signal: stop.signal });
    stop.abort();
    let before = -1;
    await expect
      .poll(() => {
        const isSame = before === fault.bytesSent;
        before = fault.bytesSent;
        return isSame;
      })
      .toBe(true);
    expect(fault.bytesSent).toBeLessThan(100_000_000);
  });
});

describe('a list', () => {
  it('never ends', async () => {
    sandbox.faults.inject({ kind: 'endless-tags' });
    let path = LIST;
    const seen = new Set<unknown>();
    for (let page = 0; page < 5; page += 1) {
      const response = await ask(path);
      for (const tag of await tagsOf(response)) seen.add(tag);
      path = linkOf(response);
    }
    expect(seen.size).toBe(500);
  });

  it('leads to itself, in a circle, on without an end, or by numbers', async () => {
    const follow = async (request: Partial<RegistryFaultRequest>, pages = 4) => {
      sandbox.faults.clear();
      sandbox.faults.inject({ kind: 'link', ...request });
      const paths = [LIST];
      const lists = [];
      for (let page = 0; page < pages; page += 1) {
        const response = await ask(paths.at(-1) ?? '');
        lists.push(await tagsOf(response));
        paths.push(linkOf(response));
      }
      return { paths: new Set(paths.slice(1)).size, lists };
    };
    const all = ['a', 'b', 'c', 'd'];
    expect(await follow({ link: 'self' })).toEqual({ paths: 1, lists: [all, all, all, all] });
    expect(await follow({ link: 'circle' })).toMatchObject({ paths: 2 });
    expect(await follow({ link: 'fresh' })).toEqual({ paths: 4, lists: [all, all, all, all] });
    expect(await follow({ link: 'numeric' })).toEqual({ paths: 4, lists: [all, all, all, all] });
  });

  it('leads to another host', async () => {
    sandbox.faults.inject({ kind: 'link', link: 'cross-origin', times: 1 });
    const url = linkOf(await ask(LIST));
    expect(new URL(url).host).not.toBe(new URL(sandbox.url).host);
    expect(await (await fetch(url, { headers: { authorization: 'Bearer mine' } })).json()).toMatchObject({
      tags: ['from-elsewhere'],
    });
    expect(sandbox.elsewhere.requests).toMatchObject([{ headers: { authorization: 'Bearer mine' } }]);
    sandbox.faults.inject({ kind: 'link', link: 'protocol-relative', times: 1 });
    expect(linkOf(await ask(LIST))).toBe(`${sandbox.elsewhere.url.slice(5)}${LIST}?last=a`);
  });

  it('has nonsense in it, entries twice, no order, or nothing once', async () => {
    const listed = async (request: RegistryFaultRequest) => {
      sandbox.faults.inject({ times: 1, ...request });
      return tagsOf(await ask(LIST));
    };
    const nonsense = await listed({ kind: 'bad-tags' });
    expect(nonsense).toEqual(
      expect.arrayContaining([null, 7, '../../x', '\u001b[31mred\u001b[0m', 'a', 'd']),
    );
    expect(nonsense.some((tag) => typeof tag === 'string' && tag.length === 1_000_000)).toBe(true);
    expect(await listed({ kind: 'bad-tags', tags: [null] })).toEqual([null]);
    expect(await listed({ kind: 'duplicates' })).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd']);
    expect(await listed({ kind: 'unsorted' })).toEqual(['d', 'c', 'b', 'a']);
    expect(await listed({ kind: 'empty-list' })).toEqual([]);
    expect(await tagsOf(await ask(LIST))).toHaveLength(4);
  });
});

describe('a redirect', () => {
  it('leads to another host that has the answer, or wherever the test says', async () => {
    sandbox.faults.inject({ kind: 'redirect', times: 1 });
    const response = await ask(MANIFEST);
    expect(response.status).toBe(307);
    const kept = await fetch(response.headers.get('location') ?? '');
    expect(digestOf(Buffer.from(await kept.arrayBuffer()))).toBe(TAGS['a']?.digest);
    sandbox.faults.inject({ kind: 'redirect', to: 'http://169.254.169.254/x', status: 302, times: 1 });
    const other = await ask(MANIFEST);
    expect([other.status, other.headers.get('location')]).toEqual([302, 'http://169.254.169.254/x']);
  });
});

describe('a registry with tokens', () => {
  const ann = { authorization: `Basic ${btoa('ann:secret-of-ann')}` };
  beforeEach(async () => {
    await sandbox.close();
    sandbox = await startRegistrySandbox({
      repositories: REPOSITORIES,
      auth: { kind: 'token', users: USERS },
    });
  });
  const token = async () => {
    const response = await ask('/token?service=registry-sandbox&scope=repository:acme/app:pull', ann);
    return { authorization: `Bearer ${((await response.json()) as { token: string }).token}` };
  };

  it.each([
    ['foreign-realm', (): string => `realm="${sandbox.elsewhere.url}/token"`],
    ['http-realm', (): string => `realm="${sandbox.url}/token"`],
    ['file-realm', (): string => 'realm="file:///etc/passwd"'],
    ['userinfo-realm', (): string => 'realm="http://user:password@127.0.0.1'],
    ['no-realm', (): string => 'Bearer service="registry-sandbox"'],
    ['two', (): string => `, Bearer realm="${sandbox.elsewhere.url}/token"`],
    [{ header: 'Negotiate' }, (): string => 'Negotiate'],
  ] as const)('challenges in ways that no client may follow: %s', async (challenge, expected) => {
    const fault = sandbox.faults.inject({ kind: 'challenge', challenge, times: 1 });
    const response = await ask(LIST);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain(expected());
    expect(fault.fired).toBe(1);
  });

  it('forgets a token in the middle', async () => {
    const own = await token();
    const fault = sandbox.faults.inject({ kind: 'expire-token', after: 1, times: 1 });
    const statuses = [];
    for (const headers of [own, own, own, await token()]) statuses.push((await ask(LIST, headers)).status);
    expect(statuses).toEqual([200, 401, 401, 200]);
    expect(fault.fired).toBe(1);
  });

  it('has a token server that breaks as well', async () => {
    sandbox.faults.inject({ kind: 'redirect', path: '/token', times: 1 });
    const moved = await ask('/token?scope=repository:acme/app:pull', ann);
    expect(moved.headers.get('location')).toContain(sandbox.elsewhere.url);
    sandbox.faults.inject({ kind: 'throttle', path: '/token', times: 1 });
    expect((await ask('/token', ann)).status).toBe(429);
  });

  it('does not spend a fault on who is not let in', async () => {
    const fault = sandbox.faults.inject({ kind: 'throttle', times: 1 });
    expect((await ask(LIST)).status).toBe(401);
    expect(fault.fired).toBe(0);
  });
});

it('outlives a client that goes away in the middle of a request', async () => {
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  socket.end('PUT /v2/acme/app/manifests/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await ask(LIST)).status).toBe(200);
});
