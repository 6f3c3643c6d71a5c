import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HygieneError, type Logger } from '#core';
import { SOCKET_FOLDER_PREFIX } from './socket-folder.js';

const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const POLL_MS = 20;
/** Above Linux' highest pid: certainly nobody's. */
const NOBODY = 2_147_483_646;

/**
 * A server whose Tagward was killed: waits for its end, which the kernel asked for, and asks again. Its lock file may also name a process that has nothing to
 * do with it, as process ids are used again; PostgreSQL would refuse to start for ever.
 */
export async function stopLeftoverServer(clusterDir: string, logger: Logger): Promise<void> {
  const lockFile = join(clusterDir, 'postmaster.pid');
  const lines = await readLines(lockFile);
  if (lines === null) return;
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  const socketDir = lines[4]?.trim() ?? '';
  if (Number.isSafeInteger(pid) && pid > 0 && isAlive(pid)) {
    if (await isServerOf(pid, clusterDir)) {
      logger.warn(
        { pid },
        'the embedded PostgreSQL of a Tagward that was killed is still running; it is stopped',
      );
      await stopProcess(pid);
    } else {
      // Only the id is taken out: the rest tells PostgreSQL whether children of the dead server still hold its memory.
      await writeFile(lockFile, [String(NOBODY), ...lines.slice(1)].join('\n'));
    }
  }
  if (basename(socketDir).startsWith(SOCKET_FOLDER_PREFIX))
    await rm(socketDir, { recursive: true, force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** PostgreSQL works in its cluster's folder; the folder is compared by inode, for it may have been moved or copied meanwhile. */
async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  try {
    const [there, here, command] = await Promise.all([
      stat(`/proc/${pid}/cwd`),
      stat(clusterDir),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    return (
      there.dev === here.dev &&
      there.ino === here.ino &&
      basename(command.split('\0')[0] ?? '') === 'postgres'
    );
  } catch {
    // Not to be looked at: another account's process, which cannot be a server of files that are ours; or it ended meanwhile.
    return false;
  }
}

async function stopProcess(pid: number): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: FAST_SHUTDOWN_MS },
    { signal: 'SIGQUIT', waitMs: IMMEDIATE_SHUTDOWN_MS },
  ] as const;
  for (const { signal, waitMs } of steps) {
    if (!sendSignal(pid, signal)) return;
    for (const end = Date.now() + waitMs; Date.now() < end; await delay(POLL_MS)) if (!isAlive(pid)) return;
  }
  throw new HygieneError(
    'DATA_DIRECTORY_IN_USE',
    `The PostgreSQL with process id ${pid} still uses the data directory and does not stop: end it, then start again.`,
    { details: { pid } },
  );
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return isAlive(pid);
  }
}

async function readLines(path: string): Promise<readonly string[] | null> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
