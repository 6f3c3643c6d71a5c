import { HygieneError } from '#core';
import { feed, orCancelled, type ProcessEnd } from '#connector-kit';
import { authFailed, noRepository, serverFault, unreachable } from '../errors.js';
import { explainLocal } from '../transport/local-transport.js';
import { explainSsh } from '../transport/ssh-transport.js';
import type { ObjectFormat } from '../wire/object-format.js';
import { parseBatch } from './batch-parser.js';
import type { FactBook, Ids } from './fact-book.js';
import { fetchSettings, type FetchSource } from './fetch-settings.js';
import { GitProgram } from './git-program.js';
import { ObjectCache } from './object-cache.js';
import { parseObject } from './parse-object.js';

export interface ObjectReaderOptions extends FetchSource {
  /** The folder of the git connector's caches. */
  readonly cacheBase: string;
  readonly format: ObjectFormat;
  /** Objects that one request asks for. */
  readonly idsAFetch?: number;
}

/** Of some objects: those that the cache does not have, and those that say nothing. */
interface Lacking {
  readonly missing: ReadonlySet<string>;
  readonly silent: ReadonlySet<string>;
}

const NOTHING_SILENT: ReadonlySet<string> = new Set();

/** git cannot use the cache: it is dropped, and made anew once. */
class BrokenCache extends HygieneError {
  constructor() {
    super(
      'REMOTE_FAULT',
      "git could not read the tag objects that it had just fetched. Scan again; if it stays, look at the disk of Tagward's cache.",
    );
  }
}

const LINES_A_PIECE = 1_000;
/** git's own server takes requests of 10 MB at the most (http.maxRequestBuffer), and its client's time grows with their square. */
const IDS_A_FETCH = 100_000;
const LOCK_WAIT_MS = 600_000;
/** Objects that went away on the server between the listing and the fetch are left out, one by one, this often. */
const VANISHED_MOST = 3;

/** What tag objects and commits say, fetched without any file of the repository, and only those not fetched before. */
export class ObjectReader {
  private readonly cache: ObjectCache;

  constructor(private readonly options: ObjectReaderOptions) {
    this.cache = ObjectCache.of(options.cacheBase, options.remote, options.format);
  }

  /** Gives the book the facts of each of its ids, as far as it is a tag object or a commit and the server has it; some of them twice, it may be. */
  async read(book: FactBook, signal: AbortSignal): Promise<void> {
    const { folder, remote } = this.options;
    const git = new GitProgram({ home: folder.home, origin: remote.url, signal });
    await git.version();
    const lock = { signal, waitMs: LOCK_WAIT_MS };
    const attempt = async (): Promise<void> => this.cache.use(lock, () => this.readAlone(git, book));
    try {
      await attempt();
    } catch (fault) {
      if (!(fault instanceof BrokenCache)) throw fault;
      await attempt();
    }
  }

  private async readAlone(git: GitProgram, book: FactBook): Promise<void> {
    const { ids } = book;
    try {
      const known = (await this.cache.isEmpty()) ? null : await this.parse(git, ids, book);
      const missing = known?.missing ?? ids;
      if (missing.size === 0) return;
      await this.fetch(git, missing);
      const fetched = await this.parse(git, missing, book);
      const silent = known?.silent ?? NOTHING_SILENT;
      await this.cache.keep(butNot(ids, [silent, fetched.silent, fetched.missing]));
    } catch (fault) {
      if (fault instanceof BrokenCache) await this.cache.drop();
      throw fault;
    }
  }

  /** In several requests where they are very many; what one has brought is told to the next, so that no history comes twice. */
  private async fetch(git: GitProgram, wanted: Ids): Promise<void> {
    const env = await orCancelled(fetchSettings(this.options), git.signal);
    const { idsAFetch = IDS_A_FETCH } = this.options;
    for (const ids of inPieces(wanted, idsAFetch)) {
      const vanished = await this.fetchSome(git, env, ids);
      if (wanted.size > idsAFetch) await this.cache.keepAlso(butNot(ids, [vanished]));
    }
  }

  /** @returns the ids that the server does not have any more */
  private async fetchSome(
    git: GitProgram,
    env: Readonly<Record<string, string>>,
    ids: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const flags = [
      '--quiet',
      '--no-write-fetch-head',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-auto-gc',
    ];
    const args = ['-C', this.cache.path, 'fetch', ...flags, '--filter=tree:0', '--stdin', 'origin'];
    const vanished = new Set<string>();
    for (let attempt = 0; vanished.size < ids.length; attempt += 1) {
      const input = linesOf(butNot(ids, [vanished]));
      const end = await git.run({ what: 'the tag objects', args, env, input });
      if (end.code === 0) break;
      const gone = /(?:not our ref|unadvertised object) ([0-9a-f]{40,64})/.exec(end.complaints)?.[1];
      if (gone === undefined || attempt >= VANISHED_MOST) throw fetchFault(this.options, end);
      vanished.add(gone);
    }
    return vanished;
  }

  private async parse(git: GitProgram, ids: Ids, book: FactBook): Promise<Lacking> {
    const missing = new Set<string>();
    const silent = new Set<string>();
    const args = ['-C', this.cache.path, 'cat-file', '--batch', '--buffer'];
    const child = git.start({ what: 'the tag objects', args });
    try {
      const fed = feed(child, linesOf(ids));
      for await (const objects of parseBatch(child.output)) {
        for (const { id, type, content } of objects) {
          const found = content === null ? null : parseObject(type, content);
          if (found !== null) book.take(id, found);
          else (type === 'missing' ? missing : silent).add(id);
        }
      }
      await fed;
      if ((await child.ended).code !== 0) throw new BrokenCache();
      return { missing, silent };
    } finally {
      await child.close();
    }
  }
}

/** In pieces, so that no text of millions of lines is made. */
function* linesOf(ids: Iterable<string>): Generator<string> {
  for (const piece of inPieces(ids, LINES_A_PIECE)) yield `${piece.join('\n')}\n`;
}

function* inPieces(ids: Iterable<string>, size: number): Generator<readonly string[]> {
  let piece: string[] = [];
  for (const id of ids) {
    if (piece.push(id) < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

function* butNot(ids: Iterable<string>, others: readonly ReadonlySet<string>[]): Generator<string> {
  for (const id of ids) if (!others.some((other) => other.has(id))) yield id;
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
