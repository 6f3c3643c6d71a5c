import type { Dirent, Stats } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { decodeUtf8 } from '#core';
import { Failure, type FileFault } from '../../failure.js';

export interface SourceFile {
  /** Relative to the directory, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface SourceFiles {
  readonly files: readonly SourceFile[];
  readonly faults: readonly FileFault[];
  /** One file was named: what is not in it says nothing. */
  readonly isSingle: boolean;
}

/** A rule pack has at most as much. */
const MOST_BYTES = 1_048_576;
const DOCUMENT = /\.(ya?ml|json)$/i;

/**
 * The YAML and JSON files of a directory and the folders in it, by name; or the one file that is named. Hidden entries are passed over;
 * what cannot be read is a fault, for a file that is overlooked would be missing from the whole.
 * @throws Failure when there is no such place
 */
export async function readDirectory(place: string): Promise<SourceFiles> {
  const found = await statOf(place);
  const collected = new Collected(place);
  if (found.isDirectory()) await collected.addFolder('');
  else await collected.addFile(basename(place), place);
  const { files, faults } = collected;
  return { files, faults, isSingle: !found.isDirectory() };
}

class Collected {
  readonly files: SourceFile[] = [];
  readonly faults: FileFault[] = [];

  constructor(private readonly root: string) {}

  async addFolder(folder: string): Promise<void> {
    const entries = await this.entriesOf(folder);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = posix.join(folder, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await this.addFolder(path);
      else if (entry.isSymbolicLink()) await this.addLink(path);
      else if (DOCUMENT.test(entry.name)) await this.addFile(path, join(this.root, path));
    }
  }

  async addFile(path: string, place: string): Promise<void> {
    const bytes = await this.bytesOf(path, place);
    if (bytes === null) return;
    const { text, line } = decodeUtf8(bytes);
    if (text !== null) this.files.push({ path, text });
    else this.fault(path, 'This is not UTF-8; save it as UTF-8.', line);
  }

  private async entriesOf(folder: string): Promise<Dirent[]> {
    try {
      return await readdir(join(this.root, folder), { withFileTypes: true });
    } catch (error) {
      this.fault(folder === '' ? '.' : folder, `This folder cannot be read (${codeOf(error)}).`);
      return [];
    }
  }

  /** Links to files are followed: that is how a mounted ConfigMap looks. One that leads nowhere may have led to a folder of documents. */
  private async addLink(path: string): Promise<void> {
    try {
      if ((await stat(join(this.root, path))).isDirectory())
        this.fault(path, 'Links to folders are not followed; name the folder itself.');
      else if (DOCUMENT.test(path)) await this.addFile(path, join(this.root, path));
    } catch (error) {
      this.fault(path, `This link cannot be followed (${codeOf(error)}).`);
    }
  }

  private async bytesOf(path: string, place: string): Promise<Buffer | null> {
    try {
      const found = await stat(place);
      if (!found.isFile()) this.fault(path, 'This is not a regular file.');
      else if (found.size > MOST_BYTES)
        this.fault(path, `This file has ${found.size} bytes; a document has at most ${MOST_BYTES}.`);
      else return await readFile(place);
    } catch (error) {
      this.fault(path, `This file cannot be read (${codeOf(error)}).`);
    }
    return null;
  }

  private fault(file: string, message: string, line: number | null = null): void {
    this.faults.push({ file, line, column: line === null ? null : 1, message });
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);

async function statOf(place: string): Promise<Stats> {
  try {
    return await stat(place);
  } catch (error) {
    const code = codeOf(error);
    const what = code === 'ENOENT' ? 'There is no file or directory' : `Not to be read (${code}):`;
    throw new Failure(`${what} ${JSON.stringify(place)}.`);
  }
}
