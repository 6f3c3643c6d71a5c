import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskReportFiles } from './disk-report-files.js';

const ID = '0199f1c2-0000-7000-8000-000000000001';

describe('DiskReportFiles', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'report-files-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function* chunks(...parts: string[]): AsyncGenerator<string> {
    yield* parts;
  }

  it('measures and hashes what it wrote', async () => {
    const files = new DiskReportFiles(directory);

    const record = await files.write(ID, 'CSV', chunks('a,', 'ü\n'));

    const path = await files.path(ID, 'CSV');
    const content = await readFile(path ?? '');
    expect(content.toString()).toBe('a,ü\n');
    expect(record).toEqual({
      format: 'CSV',
      bytes: content.byteLength,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  it('leaves nothing behind when the content fails half-way', async () => {
    const files = new DiskReportFiles(directory);
    async function* broken(): AsyncGenerator<string> {
      yield 'half';
      throw new Error('the source broke');
    }

    await expect(files.write(ID, 'HTML', broken())).rejects.toThrow('the source broke');

    expect(await files.path(ID, 'HTML')).toBeNull();
    expect(await readdir(join(directory, ID))).toEqual([]);
  });

  it('F32: says that the disk is full, and leaves nothing behind', async () => {
    const files = new DiskReportFiles(directory);
    await files.write(ID, 'CSV', chunks('whole'));
    await symlink('/dev/full', join(directory, ID, 'report.html.part'));

    await expect(files.write(ID, 'HTML', chunks('no room for this'))).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_INVALID',
      message: expect.stringContaining(`${directory}: the disk is full`),
      retryable: false,
    });

    expect(await files.path(ID, 'HTML')).toBeNull();
    expect(await readdir(join(directory, ID))).toEqual(['report.csv']);
  });

  it('cannot be read under its name before it is whole', async () => {
    const files = new DiskReportFiles(directory);
    const seen: (string | null)[] = [];
    async function* watched(): AsyncGenerator<string> {
      yield 'half';
      seen.push(await files.path(ID, 'HTML'));
      yield 'whole';
      seen.push(await files.path(ID, 'HTML'));
    }
    await files.write(ID, 'HTML', watched());

    expect(seen).toEqual([null, null]);
    expect(await readFile((await files.path(ID, 'HTML')) ?? '', 'utf8')).toBe('halfwhole');
  });

  it('removes what was written of a report, and of no other', async () => {
    const files = new DiskReportFiles(directory);
    const other = ID.replace(/1$/, '2');
    for (const id of [ID, other]) await files.write(id, 'CSV', chunks('a'));

    await files.remove(ID);
    await files.remove(ID);

    expect([await files.path(ID, 'CSV'), await files.path(other, 'CSV')]).toEqual([
      null,
      expect.stringContaining(other),
    ]);
    await expect(files.remove('..')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('makes no path of anything but an id of its own', async () => {
    const files = new DiskReportFiles(directory);

    await expect(files.path('../../etc', 'HTML')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
