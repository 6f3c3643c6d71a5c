import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GitRemote } from '../remote-url.js';
import type { ObjectFormat } from '../wire/object-format.js';
import { withLock, type LockOptions } from './folder-lock.js';

const UNUSED_MS = 30 * 24 * 60 * 60_000;
/** Caches looked at in one cleaning. */
const LOOKED_AT = 1_000;
/** Each fetch adds one; a cache of more is slower than a new one. */
const MOST_PACKS = 50;
const KEY = /^[0-9a-f]{64}$/;

/** The objects of one remote's tags, kept between scans: commits and tag objects, no file of the repository. */
export class ObjectCache {
  readonly path: string;

  private constructor(
    private readonly base: string,
    key: string,
    private readonly format: ObjectFormat,
  ) {
    this.path = join(base, key);
  }

  /** @param base the folder of the git connector's caches */
  static of(base: string, { url }: GitRemote, format: ObjectFormat): ObjectCache {
    const key = createHash('sha256').update(`${format} ${url}`).digest('hex');
    return new ObjectCache(base, key, format);
  }

  /** Removes caches that nobody used for 30 days, as far as that works. */
  static async clean(base: string, now: number): Promise<void> {
    const names = (await readdir(base).catch(() => [])).filter((name) => KEY.test(name)).slice(0, LOOKED_AT);
    for (const name of names) {
      const { mtimeMs } = await stat(join(base, name)).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs <= UNUSED_MS) continue;
      for (const path of [name, `${name}.lock`]) await rm(join(base, path), { recursive: true, force: true });
    }
  }

  /** Alone with the cache, which is there and whole as far as can be seen. */
  async use<T>(lock: LockOptions, work: () => Promise<T>): Promise<T> {
    await mkdir(this.base, { recursive: true, mode: 0o700 });
    return withLock(`${this.path}.lock`, lock, async () => {
      await this.prepare();
      return work();
    });
  }

  /** Forgets everything: whatever is wrong with it, the next use begins anew. */
  async drop(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  /** Nothing was ever fetched. */
  async isEmpty(): Promise<boolean> {
    return (await readdir(join(this.path, 'objects', 'pack'))).length === 0;
  }

  /** Makes every object of the list (each is there once), and what it leads to, known to the next fetch as "have". */
  async keep(ids: Iterable<string>): Promise<void> {
    await this.writeRefs(['# pack-refs with: \n'], ids);
  }

  /** As `keep`, beside what is kept already; none of these is. */
  async keepAlso(ids: Iterable<string>): Promise<void> {
    const file = join(this.path, 'packed-refs');
    await this.writeRefs((await isFile(file)) ? createReadStream(file, 'utf8') : [], ids);
  }

  private async writeRefs(
    before: AsyncIterable<string> | Iterable<string>,
    ids: Iterable<string>,
  ): Promise<void> {
    const file = join(this.path, 'packed-refs');
    const text = async function* () {
      yield* before;
      yield* refsOf(ids);
    };
    await pipeline(Readable.from(text()), createWriteStream(`${file}.new`));
    await rename(`${file}.new`, file);
  }

  private async prepare(): Promise<void> {
    const packs = await readdir(join(this.path, 'objects', 'pack')).catch(() => null);
    if (packs !== null && packs.filter((name) => name.endsWith('.pack')).length > MOST_PACKS)
      await this.drop();
    else if (packs !== null) await this.removeLeftovers(packs);
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const now = new Date();
    await utimes(this.path, now, now);
    if (await isFile(join(this.path, 'HEAD'))) return;
    await this.drop();
    await this.init();
  }

  /** What `git init --bare` writes, as far as git needs it. https://git-scm.com/docs/gitrepository-layout */
  private async init(): Promise<void> {
    for (const folder of ['objects/pack', 'refs'])
      await mkdir(join(this.path, folder), { recursive: true, mode: 0o700 });
    const sha256 = '\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n';
    const format = this.format === 'sha256' ? sha256 : '\trepositoryformatversion = 0\n';
    await writeFile(join(this.path, 'config'), `[core]\n\tbare = true\n${format}`);
    await writeFile(join(this.path, 'HEAD'), 'ref: refs/heads/nothing\n');
  }

  /** What a git that was killed left: its lock files, and packs that were not finished. We hold the only lock that counts. */
  private async removeLeftovers(packs: readonly string[]): Promise<void> {
    const own = (await readdir(this.path)).filter((name) => name.endsWith('.lock') || name.endsWith('.new'));
    const unfinished = packs
      .filter((name) => name.startsWith('tmp_'))
      .map((name) => join('objects', 'pack', name));
    for (const name of [...own, ...unfinished])
      await rm(join(this.path, name), { force: true, recursive: true });
  }
}

/** In pieces. They are in no order, and the file does not say so: git sorts them as it reads. https://git-scm.com/docs/git-pack-refs */
function* refsOf(ids: Iterable<string>): Generator<string> {
  let lines: string[] = [];
  for (const id of ids) {
    if (lines.push(`${id} refs/kept/${id}\n`) < 1_000) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
