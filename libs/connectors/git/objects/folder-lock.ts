import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HygieneError } from '#core';
import { cancelled } from '#connector-kit';

/** While it is held, the file's time is renewed this often; a file that is older than `STALE_MS` has no holder any more. */
const RENEW_MS = 10_000;
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 100;

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Of waiting for another holder. */
  readonly waitMs: number;
}

/**
 * Does the work while holding a lock file, so that two jobs, of any process that shares the disk, do not write one folder. A holder that was
 * killed is found by the age of its file.
 * @throws HygieneError LIMIT_EXCEEDED when another one holds it for too long
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mark = await acquire(path, options);
  // A renewal that fails shows up as a lock that somebody else takes over; the work itself is safe to interrupt.
  const timer = setInterval(() => void renew(path).catch(() => undefined), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if ((await readFile(path, 'utf8').catch(() => '')) === mark) await rm(path, { force: true });
  }
}

async function acquire(path: string, { signal, waitMs }: LockOptions): Promise<string> {
  const until = performance.now() + waitMs;
  for (;;) {
    const mark = await tryAcquire(path);
    if (mark !== null) return mark;
    if (await isStale(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (performance.now() > until)
      throw new HygieneError(
        'LIMIT_EXCEEDED',
        'Another job is reading objects of the same repository and does not end. Scan again later.',
      );
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
}

async function tryAcquire(path: string): Promise<string | null> {
  const mark = `${process.pid} ${randomUUID()}`;
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(mark).finally(() => file.close());
    return mark;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch {
    // Gone in the meantime: the next attempt tells.
    return false;
  }
}

async function renew(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}
