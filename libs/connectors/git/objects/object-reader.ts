import { HygieneError } from '#core';
import { feed, orCancelled, type ProcessEnd } from '#connector-kit';
import { authFailed, noRepository, serverFault, unreachable } from '../errors.js';
import { explainLocal } from '../transport/local-transport.js';
import { explainSsh } from '../transport/ssh-transport.js';
import type { ObjectFormat } from '../wire/object-format.js';
import { parseBatch } from './batch-parser.js';
import { fetchSettings, type FetchSource } from './fetch-settings.js';
import { GitProgram } from './git-program.js';
import { ObjectCache } from './object-cache.js';
import { parseObject, type ObjectFacts } from './parse-object.js';

export interface ObjectReaderOptions extends FetchSource {
  /** The folder of the git connector's caches. */
  readonly cacheBase: string;
  readonly format: ObjectFormat;
}

interface Parsed {
  readonly facts: ReadonlyMap<string, ObjectFacts>;
  /** Objects that the cache does not have. */
  readonly missing: readonly string[];
}

const nothing = (ids: readonly string[]): Parsed => ({ facts: new Map(), missing: ids });

/** git cannot use the cache: it is dropped, and made anew once. */
class BrokenCache extends HygieneError {
  constructor() {
    super(
      'REMOTE_FAULT',
      "git could not read the tag objects that it had just fetched. Scan again; if it stays, look at the disk of Tagward's cache.",
    );
  }
}

const LOCK_WAIT_MS = 600_000;
/** Objects that went away on the server between the listing and the fetch are left out, one by one, this often. */
const VANISHED_MOST = 3;

/** What tag objects and commits say, fetched without any file of the repository, and only those not fetched before. */
export class ObjectReader {
  private readonly cache: ObjectCache;

  constructor(private readonly options: ObjectReaderOptions) {
    this.cache = ObjectCache.of(options.cacheBase, options.remote, options.format);
  }

  /** The facts of each id, as far as it is a tag object or a commit and the server has it. */
  async read(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ObjectFacts>> {
    const { folder, remote } = this.options;
    const git = new GitProgram({ home: folder.home, origin: remote.url, signal });
    await git.version();
    const lock = { signal, waitMs: LOCK_WAIT_MS };
    const attempt = async (): Promise<ReadonlyMap<string, ObjectFacts>> =>
      this.cache.use(lock, () => this.readAlone(git, ids));
    try {
      return await attempt();
    } catch (fault) {
      if (!(fault instanceof BrokenCache)) throw fault;
      return attempt();
    }
  }

  private async readAlone(
    git: GitProgram,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ObjectFacts>> {
    try {
      const known = (await this.cache.isEmpty()) ? nothing(ids) : await this.parse(git, ids);
      if (known.missing.length === 0) return known.facts;
      await this.fetch(git, known.missing);
      const fetched = await this.parse(git, known.missing);
      const facts = new Map([...known.facts, ...fetched.facts]);
      await this.cache.keep([...facts.keys()]);
      return facts;
    } catch (fault) {
      if (fault instanceof BrokenCache) await this.cache.drop();
      throw fault;
    }
  }

  private async fetch(git: GitProgram, wanted: readonly string[]): Promise<void> {
    const env = await orCancelled(fetchSettings(this.options), git.signal);
    const flags = [
      '--quiet',
      '--no-write-fetch-head',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-auto-gc',
    ];
    const args = ['-C', this.cache.path, 'fetch', ...flags, '--filter=tree:0', '--stdin', 'origin'];
    let ids = wanted;
    for (let attempt = 0; ids.length > 0; attempt += 1) {
      const end = await git.run({ what: 'the tag objects', args, env, input: linesOf(ids) });
      if (end.code === 0) return;
      const gone = /(?:not our ref|unadvertised object) ([0-9a-f]{40,64})/.exec(end.complaints)?.[1];
      if (gone === undefined || attempt >= VANISHED_MOST) throw fetchFault(this.options, end);
      ids = ids.filter((id) => id !== gone);
    }
  }

  private async parse(git: GitProgram, ids: readonly string[]): Promise<Parsed> {
    const facts = new Map<string, ObjectFacts>();
    const missing: string[] = [];
    const args = ['-C', this.cache.path, 'cat-file', '--batch', '--buffer'];
    const child = git.start({ what: 'the tag objects', args });
    try {
      const fed = feed(child, linesOf(ids));
      for await (const objects of parseBatch(child.output)) {
        for (const { id, type, content } of objects) {
          const found = content === null ? null : parseObject(type, content);
          if (found !== null) facts.set(id, found);
          if (type === 'missing') missing.push(id);
        }
      }
      await fed;
      if ((await child.ended).code !== 0) throw new BrokenCache();
      return { facts, missing };
    } finally {
      await child.close();
    }
  }
}

/** In pieces, so that no text of millions of lines is made. */
function* linesOf(ids: readonly string[]): Generator<string> {
  for (let start = 0; start < ids.length; start += 1_000)
    yield `${ids.slice(start, start + 1_000).join('\n')}\n`;
}

function fetchFault({ remote, credential }: FetchSource, end: ProcessEnd): HygieneError {
  const { complaints } = end;
  const { scheme } = remote;
  if (
    /corrupt|bad object|bad signature|cannot be accessed|not a git repository: |unable to read [0-9a-f]{7}/i.test(
      complaints,
    )
  )
    return new BrokenCache();
  const known =
    scheme === 'ssh' ? explainSsh(remote, end) : scheme === 'file' ? explainLocal(remote, end) : null;
  if (known !== null) return known;
  if (/could not read Username|Authentication failed|error: (401|403)/.test(complaints))
    return authFailed(remote, credential.kind !== 'none');
  if (/error: 404|not found/i.test(complaints)) return noRepository(remote);
  if (
    /unable to access|Could not resolve|Connection refused|Failed to connect|unable to connect/i.test(
      complaints,
    )
  )
    return unreachable(remote, 'git could not connect');
  return serverFault(remote, 'git could not fetch its tag objects');
}
