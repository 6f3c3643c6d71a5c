import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDirectory } from './read-directory.js';

describe('reading a directory', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tagward-cli-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function write(path: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  it('finds YAML and JSON in every folder, by name, and passes over the rest', async () => {
    for (const path of ['b.yml', 'a/z.yaml', 'a/b/c.json', 'readme.md', '.hidden.yaml', '.git/x.yaml'])
      await write(path, path);

    const { files, faults, isSingle } = await readDirectory(root);

    expect(files.map(({ path }) => path)).toEqual(['a/b/c.json', 'a/z.yaml', 'b.yml']);
    expect([faults, isSingle]).toEqual([[], false]);
  });

  it('reads one file that is named, whatever it is called', async () => {
    await write('pack', 'pack: a');

    expect(await readDirectory(join(root, 'pack'))).toEqual({
      files: [{ path: 'pack', text: 'pack: a' }],
      faults: [],
      isSingle: true,
    });
  });

  it('follows links to files, as a mounted ConfigMap has them, and says which links it does not', async () => {
    await write('..2026/pack.yaml', 'pack: a');
    await symlink('..2026', join(root, '..data'));
    await symlink('..data/pack.yaml', join(root, 'pack.yaml'));
    await symlink('..2026', join(root, 'more'));
    await symlink('nowhere.yaml', join(root, 'gone.yaml'));
    await symlink('not-mounted', join(root, 'packs'));

    const { files, faults } = await readDirectory(root);

    expect(files).toEqual([{ path: 'pack.yaml', text: 'pack: a' }]);
    expect(faults.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'gone.yaml: This link cannot be followed (ENOENT).',
      'more: Links to folders are not followed; name the folder itself.',
      'packs: This link cannot be followed (ENOENT).',
    ]);
  });

  it('says what it cannot read, with the line', async () => {
    await write('latin.yaml', Buffer.from('pack: a\n# Z\xfcrich\n', 'latin1'));
    await write('large.yaml', Buffer.alloc(1_048_577, 'x'));
    await mkdir(join(root, 'folder.yaml'));
    await write('mark.yaml', '\uFEFFpack: a');

    const { files, faults } = await readDirectory(root);

    expect(files).toEqual([{ path: 'mark.yaml', text: 'pack: a' }]);
    expect(faults.map(({ file, line }) => [file, line])).toEqual([
      ['large.yaml', null],
      ['latin.yaml', 2],
    ]);
  });

  it('refuses a place that is not there', async () => {
    await expect(readDirectory(join(root, 'none'))).rejects.toThrow('There is no file or directory');
  });
});
