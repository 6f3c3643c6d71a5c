import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lchown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HygieneError } from '#core';
import { explainServerFailure } from './explain-server-failure.js';
import { runServerProgram } from './run-server-program.js';
import type { ServerAccount } from './server-account.js';
import type { ServerBinaries } from './server-binaries.js';

export const SUPERUSER = 'postgres';
/** Lies within the cluster, so that the two appear, move and are restored together. */
const PASSWORD_FILE = 'tagward.password';
const UNFINISHED_PREFIX = 'postgres.unfinished-';
const CONTROL_FILE_BYTES = 8192;

export interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Looks at the database files without changing them.
 *
 * @returns who owns them; null when there are none yet
 * @throws HygieneError DATA_DIRECTORY_INVALID when they are damaged or another major version wrote them
 */
export async function inspectCluster(clusterDir: string, majorVersion: string): Promise<ClusterOwner | null> {
  const names = await listFolder(clusterDir);
  if (names.length === 0) return null;
  const version = await readIfThere(join(clusterDir, 'PG_VERSION'));
  const control = await sizeIfThere(join(clusterDir, 'global', 'pg_control'));
  if (version === null || control !== CONTROL_FILE_BYTES) {
    const missing = version === null ? 'PG_VERSION' : 'global/pg_control';
    throw new HygieneError(
      'DATA_DIRECTORY_INVALID',
      `The database files in ${clusterDir} are damaged (${missing} is missing or cut short). Nothing was changed: restore a backup of this folder, or move it away to start with an empty database.`,
    );
  }
  if (version.trim() !== majorVersion) {
    throw new HygieneError(
      'DATA_DIRECTORY_INVALID',
      `The database files in ${clusterDir} were written by PostgreSQL ${version.trim()}, and this Tagward runs PostgreSQL ${majorVersion}. Nothing was changed: start the Tagward that wrote them and carry the data over with a backup, or move the folder away to start with an empty database.`,
    );
  }
  const { uid, gid } = await stat(clusterDir);
  return { uid, gid };
}

/** Makes the database files in a sibling folder and renames it at the end: a start that is cut short leaves nothing half made. */
export async function createCluster(
  clusterDir: string,
  binaries: ServerBinaries,
  account: ServerAccount,
  durable: boolean,
): Promise<void> {
  const parent = dirname(clusterDir);
  const unfinished = join(parent, `${UNFINISHED_PREFIX}${randomBytes(6).toString('hex')}`);
  const passwordFile = `${unfinished}.password`;
  const password = randomBytes(32).toString('base64url');
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account.differs)
      await Promise.all([unfinished, passwordFile].map((path) => chown(path, account.uid, account.gid)));
    const { code, output } = await runServerProgram(
      account.command(binaries.initdb, initdbParameters(unfinished, passwordFile, durable)),
    );
    if (code !== 0)
      throw explainServerFailure(`The embedded database could not be made in ${parent}`, output);
    await rename(passwordFile, join(unfinished, PASSWORD_FILE));
    await rename(unfinished, clusterDir);
    if (durable) await syncFolder(parent);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    throw error;
  }
}

function initdbParameters(folder: string, passwordFile: string, durable: boolean): readonly string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    // Spares the probing; the server is given its own when it starts.
    '--set=shared_buffers=16MB',
    '--set=max_connections=20',
    ...(durable ? [] : ['--no-sync']),
  ];
}

/** @throws HygieneError DATA_DIRECTORY_INVALID when the password was lost */
export async function readClusterPassword(clusterDir: string): Promise<string> {
  const password = (await readIfThere(join(clusterDir, PASSWORD_FILE)))?.trim() ?? '';
  if (password !== '') return password;
  throw new HygieneError(
    'DATA_DIRECTORY_INVALID',
    `The file ${join(clusterDir, PASSWORD_FILE)} with the embedded database's password is missing: restore it, or the whole folder, from a backup.`,
  );
}

/** What starts that were killed left behind. */
export async function removeUnfinishedClusters(parent: string): Promise<void> {
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(UNFINISHED_PREFIX));
  // A killed start's initdb may still be writing for a moment.
  await Promise.all(
    leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true, maxRetries: 5 })),
  );
}

/** Files copied back by root belong to root, and PostgreSQL refuses those. */
export async function giveToAccount(folder: string, account: ServerAccount): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  await lchown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function listFolder(folder: string): Promise<readonly string[]> {
  return (await ifThere(() => readdir(folder))) ?? [];
}

function readIfThere(path: string): Promise<string | null> {
  return ifThere(() => readFile(path, 'utf8'));
}

async function sizeIfThere(path: string): Promise<number | null> {
  return (await ifThere(() => stat(path)))?.size ?? null;
}

async function ifThere<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
