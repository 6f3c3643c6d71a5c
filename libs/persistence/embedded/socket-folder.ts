import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HygieneError } from '#core';
import type { ServerAccount } from './server-account.js';

export const SOCKET_FOLDER_PREFIX = 'tagward-pg-';
export const PORT = 5432;
/** sizeof(sockaddr_un.sun_path) less its final NUL; see unix(7). */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/**
 * A folder only the server's account (and root) may enter, short enough for a socket's path: in the data directory, else a temporary one.
 *
 * @throws HygieneError DATA_DIRECTORY_INVALID when even the temporary folders are too long
 */
export async function makeSocketFolder(dataDir: string, account: ServerAccount): Promise<string> {
  const inside = join(dataDir, 'run');
  // Sockets and their lock files of a server that was killed: whoever has its process id now would be taken for their owner.
  await rm(inside, { recursive: true, force: true });
  const folder = isShort(inside)
    ? await mkdir(inside, { mode: 0o700 }).then(() => inside)
    : await temporaryFolder(dataDir);
  await chmod(folder, 0o700);
  if (account.differs) await chown(folder, account.uid, account.gid);
  return folder;
}

async function temporaryFolder(dataDir: string): Promise<string> {
  for (const parent of new Set([tmpdir(), '/tmp', '/dev/shm', '/run'])) {
    const prefix = join(parent, SOCKET_FOLDER_PREFIX);
    if (!isShort(`${prefix}XXXXXX`)) continue;
    try {
      return await mkdtemp(prefix);
    } catch {
      // Closed or missing here; the next one may do.
    }
  }
  throw new HygieneError(
    'DATA_DIRECTORY_INVALID',
    `The path ${dataDir} is too long for the embedded database's socket, and no temporary folder can be written: set TAGWARD_DATA_DIR to a shorter path.`,
  );
}

function isShort(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) <= MAX_SOCKET_PATH_BYTES;
}
