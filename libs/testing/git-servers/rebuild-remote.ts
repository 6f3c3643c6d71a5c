import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { runGit } from './run-git.js';

/** One line of a list of refs: what the public repository said of the tag. */
export interface GivenRef {
  readonly name: string;
  readonly annotated: boolean;
  /** Names the commit: refs that peeled to one object there share one commit here. */
  readonly commit: string;
  /** Unix seconds: the tagger's date, or the commit's of a lightweight tag. */
  readonly date: number;
}

export interface RebuildOptions {
  readonly objectFormat?: 'sha1' | 'sha256';
}

const WHO = 'A Maintainer <maintainer@example.com>';

/**
 * A bare repository with the tags of a list (`refname, tag|commit, object id, peeled id, unix date`, tab-separated; a file or its
 * lines), each annotated or lightweight and dated as there. Ids are new: the objects' contents are not those of the original.
 */
export async function rebuildRemote(
  source: string | readonly string[],
  directory: string,
  { objectFormat = 'sha1' }: RebuildOptions = {},
): Promise<void> {
  const lines = typeof source === 'string' ? (await readFile(source, 'utf8')).split('\n') : source;
  const refs = lines.filter((line) => line !== '').map(parseRef);
  const init = ['init', '--quiet', '--bare', '--initial-branch=main', `--object-format=${objectFormat}`];
  await runGit([...init, '--', directory]);
  await runGit(
    ['-C', directory, 'fast-import', '--quiet', '--force', '--date-format=raw'],
    Readable.from(importStream(refs)),
  );
  await runGit(['-C', directory, 'pack-refs', '--all']);
}

export function parseRef(line: string): GivenRef {
  const [ref = '', type = '', id = '', peeled = '', date = ''] = line.split('\t');
  if (!ref.startsWith('refs/tags/') || !/^(tag|commit)$/.test(type) || !/^\d+$/.test(date))
    throw new Error(`This is no line of a list of refs: ${JSON.stringify(line)}`);
  const annotated = type === 'tag';
  return {
    name: ref.slice('refs/tags/'.length),
    annotated,
    commit: annotated ? peeled : id,
    date: Number(date),
  };
}

/** https://git-scm.com/docs/git-fast-import: one commit after the other on main, then the tags. */
function* importStream(refs: readonly GivenRef[]): Generator<string> {
  const marks = new Map<string, number>();
  for (const { commit, date } of datedCommits(refs)) {
    const mark = marks.size + 1;
    marks.set(commit, mark);
    yield `commit refs/heads/main\nmark :${mark}\ncommitter ${WHO} ${date} +0000\n${data(`commit ${mark}`)}`;
  }
  for (const { name, annotated, commit, date } of refs) {
    const from = `from :${marks.get(commit)}\n`;
    yield annotated
      ? `tag ${name}\n${from}tagger ${WHO} ${date} +0000\n${data(name)}`
      : `reset refs/tags/${name}\n${from}\n`;
  }
}

/** Each commit once; a lightweight tag knows its date, an annotated one only its own. */
function datedCommits(refs: readonly GivenRef[]): GivenRef[] {
  const commits = new Map<string, GivenRef>();
  for (const ref of refs) {
    if (!ref.annotated || !commits.has(ref.commit)) commits.set(ref.commit, ref);
  }
  return [...commits.values()];
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
