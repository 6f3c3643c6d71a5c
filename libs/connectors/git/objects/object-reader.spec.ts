import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { PointerFact } from '#core';
import { OutboundGuard } from '#connector-kit';
import { GIT_ENVIRONMENT, rebuildRemote, runGit, startGitHttpBackend, type GitHttpBackend } from '#testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { remoteOf } from '../config.js';
import { parseCredential } from '../credentials.js';
import { PrivateFolder } from '../private-folder.js';
import { openGit, readGit, type GitReading } from '../testing-kit.fixture.js';
import { factBookOf } from './fact-book.js';
import { ObjectReader } from './object-reader.js';

const root = mkdtempSync(join(tmpdir(), 'git-objects-'));
const remote = join(root, 'remotes', 'app.git');
const READER = { username: 'reader', password: 'a-password-of-the-tests' };
const SECRET = { kind: 'BASIC', values: READER } as const;
const ALL: readonly PointerFact[] = ['created', 'tagger', 'message', 'signed'];

let server: GitHttpBackend;
let caches = 0;
let cache = '';

beforeAll(async () => {
  await rebuildRemote(
    Array.from({ length: 20 }, (_, n) => {
      const object = n % 2 === 0 ? `commit\tid${n}\t` : `tag\tx\tid${n}`;
      return `refs/tags/v${n}\t${object}\t${1_600_000_000 + n}`;
    }),
    remote,
  );
  server = await startGitHttpBackend({ root: join(root, 'remotes'), basic: READER });
});
beforeEach(() => {
  caches += 1;
  cache = join(root, `cache-${caches}`);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function read(facts = ALL, url = `${server.url}/app.git`): Promise<GitReading> {
  const connector = await openGit(url, cache, SECRET);
  try {
    return await readGit(connector, { facts: new Set(facts) });
  } finally {
    await connector.close();
  }
}

/** The folder of the one cache that was made. */
async function cacheFolder(): Promise<string> {
  const [name = ''] = (await readdir(join(cache, 'git'))).filter((one) => /^[0-9a-f]{64}$/.test(one));
  return join(cache, 'git', name);
}

const tagOf = ({ resource }: GitReading, name: string) => resource.tags.find((tag) => tag.name === name);
const git = (...args: string[]): Promise<string> => runGit(['-C', remote, ...args]);

describe('reading dates, taggers, messages and signatures', () => {
  it('gives the facts that were asked for and no others', async () => {
    const reading = await read();
    expect(reading.errors).toEqual([]);
    expect(tagOf(reading, 'v1')).toMatchObject({
      createdAt: new Date(1_600_000_001_000),
      pointer: {
        annotated: true,
        signed: false,
        tagger: 'A Maintainer <maintainer@example.com>',
        message: 'v1',
      },
    });
    expect(tagOf(reading, 'v2')).toMatchObject({
      createdAt: new Date(1_600_000_002_000),
      pointer: { annotated: false, signed: false, tagger: 'A Maintainer <maintainer@example.com>' },
    });
    const some = tagOf(await read(['message']), 'v1');
    expect(some?.createdAt).toBeNull();
    expect(Object.keys(some?.pointer ?? {}).sort()).toEqual(['annotated', 'message', 'peeled']);
  });

  it('sees who signed what, in tag objects as tools write them', async () => {
    const body = `object ${(await git('rev-parse', 'v2')).trim()}\ntype commit\ntag signed\ntagger S <s@example.com> 1700000000 +0000\n\nwith care\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n`;
    const id = (
      await runGit(['-C', remote, 'hash-object', '-t', 'tag', '-w', '--stdin'], Readable.from([body]))
    ).trim();
    await git('update-ref', 'refs/tags/signed', id);
    expect(tagOf(await read(), 'signed')?.pointer).toMatchObject({
      signed: true,
      message: 'with care',
      tagger: 'S <s@example.com>',
    });
    await git('update-ref', '-d', 'refs/tags/signed');
  });

  it('knows nothing of a tag that points at a file or a folder, and everything of the others', async () => {
    const blob = (
      await runGit(['-C', remote, 'hash-object', '-w', '--stdin'], Readable.from(['a key']))
    ).trim();
    await git('update-ref', 'refs/tags/a-file', blob);
    const reading = await read();
    expect(tagOf(reading, 'a-file')).toMatchObject({
      digest: blob,
      createdAt: null,
      pointer: { annotated: false },
    });
    expect(tagOf(reading, 'a-file')?.pointer).not.toHaveProperty('message');
    expect(tagOf(reading, 'v1')?.createdAt).not.toBeNull();
    await git('update-ref', '-d', 'refs/tags/a-file');
  });

  it('fetches nothing the second time, and only what is new after that', async () => {
    await read();
    const posts = (): number => server.requests.filter(({ method }) => method === 'POST').length;
    const before = posts();
    const again = await read();
    // The listing itself.
    expect(posts() - before).toBe(1);
    expect([...again.resource.tags].every(({ createdAt }) => createdAt !== null)).toBe(true);
    await git('-c', 'user.name=N', '-c', 'user.email=n@example.com', 'tag', '-a', '-m', 'new', 'v99', 'v2');
    const packs = async (): Promise<string[]> =>
      (await readdir(join(await cacheFolder(), 'objects', 'pack'))).filter((name) => name.endsWith('.pack'));
    const [first = ''] = await packs();
    expect(tagOf(await read(), 'v99')?.pointer?.message).toBe('new');
    const second = (await packs()).find((name) => name !== first) ?? '';
    const objects = await runGit(
      ['show-index'],
      Readable.from([
        await readFile(join(await cacheFolder(), 'objects', 'pack', second.replace('.pack', '.idx'))),
      ]),
    );
    expect(objects.trim().split('\n')).toHaveLength(1);
    await git('tag', '-d', 'v99');
  });

  it('fetches very many objects in several requests, and nothing twice', async () => {
    const url = `${server.url}/app.git`;
    const folder = await PrivateFolder.make(join(cache, 'git'));
    const given = remoteOf({ url });
    const reader = new ObjectReader({
      ...{ remote: given, credential: parseCredential(SECRET, given, undefined), folder },
      guard: new OutboundGuard({ allow: ['127.0.0.1'], allowLocal: false }),
      ...{ cacheBase: join(cache, 'git'), format: 'sha1', idsAFetch: 7 },
    });
    const { tags } = (await read([])).resource;
    const book = factBookOf(tags, new Set(ALL));
    await reader.read(book, new AbortController().signal);
    await folder.remove();
    expect(book.tags().map(({ createdAt }) => createdAt)).not.toContain(null);
    const path = await cacheFolder();
    const packs = (await readdir(join(path, 'objects', 'pack'))).filter((name) => name.endsWith('.pack'));
    expect(packs).toHaveLength(3);
    const said = await runGit([
      '-C',
      path,
      'cat-file',
      '--batch-check',
      '--batch-all-objects',
      '--unordered',
    ]);
    const counted = await runGit(['-C', path, 'count-objects', '-v']);
    expect(/in-pack: (\d+)/.exec(counted)?.[1]).toBe(String(said.trim().split('\n').length));
  });

  it('has no file of the repository in its cache', async () => {
    const path = join(root, 'remotes', 'files.git');
    await rebuildRemote([], path);
    const script =
      'commit refs/heads/main\ncommitter A <a@b> 1600000000 +0000\ndata 1\nx\nM 644 inline f\ndata 6\nsecret\nreset refs/tags/v1\nfrom refs/heads/main\n';
    await runGit(['-C', path, 'fast-import', '--quiet'], Readable.from([script]));
    const reading = await read(ALL, `${server.url}/files.git`);
    expect(tagOf(reading, 'v1')?.createdAt).toEqual(new Date(1_600_000_000_000));
    const types = await runGit([
      '-C',
      await cacheFolder(),
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objecttype)',
    ]);
    expect(types.trim()).toBe('commit');
  });

  it('G7: is led by no configuration of a user', async () => {
    const home = join(root, 'home');
    const pwned = join(root, 'pwned');
    await mkdir(home, { recursive: true });
    await writeFile(
      join(home, '.gitconfig'),
      `[url "https://evil.invalid/"]\n\tinsteadOf = ${server.url}/\n[credential]\n\thelper = "!touch ${pwned}"\n[core]\n\tfsmonitor = touch ${pwned}\n\thooksPath = ${home}\n`,
    );
    vi.stubEnv('HOME', home);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(home, '.gitconfig'));
    vi.stubEnv('GIT_SSH_COMMAND', `touch ${pwned}`);
    vi.stubEnv('GIT_PROXY_COMMAND', `touch ${pwned}`);
    try {
      expect(tagOf(await read(), 'v1')?.createdAt).not.toBeNull();
      await expect(stat(pwned)).rejects.toThrow('ENOENT');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('G8: shows the credential on no command line, in no environment, and leaves no file of it', async () => {
    const secrets = [
      READER.password,
      Buffer.from(`${READER.username}:${READER.password}`).toString('base64'),
    ];
    const seen: string[] = [];
    let looked = 0;
    let over = false;
    const watch = (async () => {
      for (; !over; looked += 1) {
        seen.push(...(await everyProcess()));
        await sleep(1);
      }
    })();
    await read();
    over = true;
    await watch;
    expect(looked).toBeGreaterThan(1);
    expect(seen.some((text) => text.includes('fetch'))).toBe(true);
    for (const secret of secrets) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
    expect((await readdir(join(cache, 'git'))).filter((name) => name.startsWith('private-'))).toEqual([]);
    const { output } = await grepCache(secrets[1] ?? '');
    expect(output).toBe('');
  });

  it('G9: fetches from no other host than the one that it was given, and asks nobody for a password', async () => {
    const other = await startGitHttpBackend({ root: join(root, 'remotes') });
    let asked = 0;
    const refuse = async (status: number, headers: Record<string, string>): Promise<GitReading> => {
      asked = 0;
      server.intercept((_request, response) => {
        asked += 1;
        // Two requests are the listing; what comes after them is the fetch.
        return asked <= 2 ? false : response.writeHead(status, headers).end();
      });
      const reading = await read();
      expect(asked).toBeGreaterThan(2);
      return reading;
    };
    const location = `${other.url}/app.git/info/refs?service=git-upload-pack`;
    const redirected = await refuse(302, { location });
    const unauthorized = await refuse(401, { 'www-authenticate': 'Basic realm="x"' });
    server.intercept(null);
    expect(other.requests).toEqual([]);
    await other.close();
    expect(redirected.errors).toHaveLength(1);
    expect(unauthorized.errors).toMatchObject([{ code: 'REMOTE_AUTH_FAILED', retryable: false }]);
    for (const { resource } of [redirected, unauthorized]) expect(resource.tags).toHaveLength(20);
  });

  it('G15: fetches without submodules, hooks, bundles or a file of the repository', async () => {
    const seen: string[] = [];
    let over = false;
    const watch = (async () => {
      while (!over) {
        seen.push(...(await everyProcess()));
        await sleep(1);
      }
    })();
    await read();
    over = true;
    await watch;
    const fetch = seen.find((text) => text.startsWith('git\0') && text.includes('\0fetch\0')) ?? '';
    for (const flag of [
      'core.hooksPath=/dev/null',
      '--no-recurse-submodules',
      '--filter=tree:0',
      '--no-auto-gc',
    ])
      expect(fetch.split('\0')).toContain(flag);
  });

  it('has no date for a tag that moved between the listing and the fetch, and the dates of all others', async () => {
    await git(
      '-c',
      'user.name=N',
      '-c',
      'user.email=n@example.com',
      'tag',
      '-a',
      '-m',
      'soon gone',
      'moving',
      'v2',
    );
    const id = (await git('rev-parse', 'moving')).trim();
    let asked = 0;
    server.intercept(() => {
      asked += 1;
      if (asked !== 3) return false;
      execFileSync('git', ['-C', remote, 'update-ref', 'refs/tags/moving', 'v3'], {
        env: { ...GIT_ENVIRONMENT },
      });
      execFileSync('git', ['-C', remote, 'prune', '--expire=now'], { env: { ...GIT_ENVIRONMENT } });
      return false;
    });
    const reading = await read();
    server.intercept(null);
    expect(reading.errors).toEqual([]);
    expect(tagOf(reading, 'moving')).toMatchObject({ digest: id, createdAt: null });
    expect(tagOf(reading, 'moving')?.pointer).not.toHaveProperty('message');
    expect(reading.resource.tags.filter(({ createdAt }) => createdAt === null)).toHaveLength(1);
    await git('update-ref', '-d', 'refs/tags/moving');
  });

  it('says that facts stay unknown when the fetch fails, and that the tags were read', async () => {
    const filterless = await startGitHttpBackend({ root: join(root, 'remotes'), filter: false });
    const reading = await read(ALL, `${filterless.url}/app.git`);
    await filterless.close();
    expect(reading.errors).toMatchObject([{ code: 'OPERATION_UNSUPPORTED', scope: 'app' }]);
    expect(reading.errors[0]?.message).toContain('uploadpack.allowFilter');
    expect(reading.events.some(({ type }) => type === 'complete')).toBe(true);
    expect(tagOf(reading, 'v1')).toMatchObject({ createdAt: null, pointer: { annotated: true } });
  });
});

/** Command line and environment of every process that this one may look at. */
async function everyProcess(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const files = ids.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
  return Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
}

async function grepCache(text: string): Promise<{ output: string }> {
  const names = await readdir(join(cache, 'git'), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if ((await readFile(file, 'latin1')).includes(text)) found.push(file);
  return { output: found.join('\n') };
}
