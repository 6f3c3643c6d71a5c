import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HygieneError } from '#core';
import { onDataDirectory, openDataDirectory } from './open-data-directory.js';

export interface DataDirectoryLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

const SQLITE_BUSY = 5;

/**
 * Takes the data directory for this process alone, until `release` or the end of the process, whatever ends it: the lock is the operating system's (fcntl), taken
 * through SQLite as Node has no call for it. Makes the directory when there is none.
 *
 * @throws HygieneError DATA_DIRECTORY_IN_USE, naming the process that holds it; DATA_DIRECTORY_INVALID
 */
export async function lockDataDirectory(path: string): Promise<DataDirectoryLock> {
  const folder = await openDataDirectory(path);
  const holderFile = join(folder, 'lock.json');
  return onDataDirectory(path, async () => {
    const database = takeLock(join(folder, 'lock'), path, holderFile);
    try {
      await writeHolder(holderFile);
    } catch (error) {
      database.close();
      throw error;
    }
    let held = true;
    return {
      async release() {
        if (!held) return;
        held = false;
        await rm(holderFile, { force: true });
        database.close();
      },
    };
  });
}

function takeLock(lockFile: string, path: string, holderFile: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(lockFile, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const busy = error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === SQLITE_BUSY;
    if (busy) throw inUse(path, readHolder(holderFile));
    throw new HygieneError(
      'DATA_DIRECTORY_INVALID',
      `The data directory ${path} cannot be locked: it must be writable and on a file system that knows file locks. Set TAGWARD_DATA_DIR to another folder, or give this one to the account that runs Tagward.`,
      { cause: error },
    );
  }
}

function inUse(path: string, holder: Holder | null): HygieneError {
  const who =
    holder === null
      ? 'another Tagward process'
      : `the Tagward process ${holder.pid} on host ${holder.host}, started at ${holder.since}`;
  return new HygieneError(
    'DATA_DIRECTORY_IN_USE',
    `The data directory ${path} is in use by ${who}. Stop that process first, or set TAGWARD_DATA_DIR to another folder.`,
    { details: holder === null ? {} : { ...holder } },
  );
}

async function writeHolder(file: string): Promise<void> {
  const since = new Date(Date.now() - process.uptime() * 1000).toISOString();
  const holder: Holder = { pid: process.pid, host: hostname(), since };
  await writeFile(`${file}.new`, JSON.stringify(holder), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** null in the moment between taking the lock and saying so. */
function readHolder(file: string): Holder | null {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return null;
    return { pid, host, since };
  } catch {
    return null;
  }
}
