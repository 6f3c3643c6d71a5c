import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rebuildRemote, startGitHttpBackend, type GitHttpBackend } from '#testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, openGit, readGit, type GitReading } from '../testing-kit.fixture.js';
import { withLock } from './folder-lock.js';
import { ObjectCache } from './object-cache.js';

const DAY_MS = 24 * 60 * 60_000;
const root = mkdtempSync(join(tmpdir(), 'git-cache-'));

let server: GitHttpBackend;
let caches = 0;
let cache = '';

beforeAll(async () => {
  const lines = ['refs/tags/v1\ttag\tx\ta\t1600000000', 'refs/tags/v2\tcommit\tb\t\t1600000001'];
  await rebuildRemote(lines, join(root, 'remotes', 'app.git'));
  server = await startGitHttpBackend({ root: join(root, 'remotes') });
});
beforeEach(() => {
  caches += 1;
  cache = join(root, `cache-${caches}`);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function read(): Promise<GitReading> {
  const connector = await openGit(`${server.url}/app.git`, cache);
  try {
    return await readGit(connector, { facts: new Set(['created']) });
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

describe('the cache of tag objects', () => {
  it('is used by one job at a time, and both get their facts', async () => {
    const [one, two] = await Promise.all([read(), read()]);
    for (const reading of [one, two]) {
      expect(reading.errors).toEqual([]);
      expect(tagOf(reading, 'v1')?.createdAt).not.toBeNull();
    }
  });

  it('survives what a killed job left: locks, halves of packs, a folder that is no repository', async () => {
    await read();
    const folder = await cacheFolder();
    for (const name of ['packed-refs.lock', 'config.lock', 'shallow.lock', 'packed-refs.new'])
      await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'objects', 'pack', 'tmp_pack_abc'), 'x');
    await writeFile(`${folder}.lock`, 'somebody who is gone');
    const longAgo = new Date(Date.now() - 5 * 60_000);
    await utimes(`${folder}.lock`, longAgo, longAgo);
    expect((await read()).errors).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([]);
    expect(await readdir(join(folder, 'objects', 'pack'))).not.toContain('tmp_pack_abc');
    rmSync(join(folder, 'HEAD'));
    expect((await read()).errors).toEqual([]);
  });

  it('is made anew when git cannot read it', async () => {
    await read();
    const packs = join(await cacheFolder(), 'objects', 'pack');
    for (const name of await readdir(packs)) {
      await chmod(join(packs, name), 0o600);
      await writeFile(join(packs, name), 'rubbish');
    }
    const reading = await read();
    expect(reading.errors).toEqual([]);
    expect(tagOf(reading, 'v1')?.createdAt).not.toBeNull();
  });

  it('goes when nobody used it for 30 days, and only then', async () => {
    await read();
    const folder = await cacheFolder();
    await ObjectCache.clean(join(cache, 'git'), Date.now() + 29 * DAY_MS);
    expect((await stat(folder)).isDirectory()).toBe(true);
    await ObjectCache.clean(join(cache, 'git'), Date.now() + 31 * DAY_MS);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await expect(ObjectCache.clean(join(root, 'nowhere'), Date.now())).resolves.toBeUndefined();
  });

  it('makes others wait no longer than they would, and lets them be cancelled', async () => {
    const lock = join(root, 'held.lock');
    const { signal } = new AbortController();
    const done = Promise.withResolvers<void>();
    const holding = withLock(lock, { signal, waitMs: 0 }, () => done.promise);
    await vi.waitFor(() => stat(lock));
    const late = await failureOf(
      withLock(lock, { signal, waitMs: 50 }, async () => expect.fail('two at once')),
    );
    expect(late.code).toBe('LIMIT_EXCEEDED');
    const abort = new AbortController();
    const waiting = failureOf(
      withLock(lock, { signal: abort.signal, waitMs: 60_000 }, async () => undefined),
    );
    abort.abort();
    expect((await waiting).code).toBe('CANCELLED');
    done.resolve();
    await holding;
    await expect(stat(lock)).rejects.toThrow('ENOENT');
  });
});
