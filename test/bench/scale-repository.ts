import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { deflateSync } from 'node:zlib';
import { runGit } from '#testing';

const TAGS_A_COMMIT = 5;
const FIRST_DATE = 1_500_000_000;
const WHO = 'A Maintainer <maintainer@example.com>';
const TYPES = { commit: 1, tree: 2, tag: 4 } as const;
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * A bare repository of so many tags, half of them annotated, five to a commit: one pack and one `packed-refs`, written directly, since git
 * itself would take minutes for a million. https://git-scm.com/docs/pack-format
 */
export async function writeRepository(path: string, tags: number): Promise<void> {
  await runGit(['init', '--quiet', '--bare', '--initial-branch=main', '--', path]);
  const packs = join(path, 'objects', 'pack');
  await mkdir(packs, { recursive: true });
  const refs: string[] = [];
  const pack = join(packs, 'tmp-scale.pack');
  await pipeline(packOf(tags, refs), createWriteStream(pack));
  await runGit(['-C', path, 'index-pack', pack]);
  const lines = refs.sort().map((line) => line.slice(line.indexOf('\0') + 1));
  await writeFile(
    join(path, 'packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`,
  );
}

/** Fills `refs` with the lines of `packed-refs`, each after its name. */
function* packOf(tags: number, refs: string[]): Generator<Buffer> {
  const hash = createHash('sha1');
  const out = (bytes: Buffer): Buffer => (hash.update(bytes), bytes);
  const commits = Math.ceil(tags / TAGS_A_COMMIT);
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(1 + commits + Math.ceil(tags / 2), 8);
  yield out(header);
  yield out(entry('tree', ''));
  let commit = '';
  for (let n = 0; n < tags; n += 1) {
    const when = `${FIRST_DATE + n * 60} +0000`;
    if (n % TAGS_A_COMMIT === 0) {
      const parent = commit === '' ? '' : `parent ${commit}\n`;
      const text = `tree ${EMPTY_TREE}\n${parent}author ${WHO} ${when}\ncommitter ${WHO} ${when}\n\ncommit ${n}\n`;
      commit = idOf('commit', text);
      yield out(entry('commit', text));
    }
    const name = `v${Math.floor(n / 100)}.${n % 100}.0`;
    if (n % 2 === 1) refs.push(`${name}\0${commit} refs/tags/${name}\n`);
    else {
      const text = `object ${commit}\ntype commit\ntag ${name}\ntagger ${WHO} ${when}\n\n${name}\n`;
      refs.push(`${name}\0${idOf('tag', text)} refs/tags/${name}\n^${commit}\n`);
      yield out(entry('tag', text));
    }
  }
  yield hash.digest();
}

function idOf(type: keyof typeof TYPES, text: string): string {
  return createHash('sha1')
    .update(`${type} ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

function entry(type: keyof typeof TYPES, text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = [(TYPES[type] << 4) | (bytes.length & 15)];
  for (let rest = bytes.length >> 4; rest > 0; rest >>= 7) {
    head[head.length - 1] = (head.at(-1) ?? 0) | 0x80;
    head.push(rest & 0x7f);
  }
  return Buffer.concat([Buffer.from(head), deflateSync(bytes, { level: 1 })]);
}
