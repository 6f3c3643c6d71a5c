import { mkdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DIST, ROOT } from './paths.mjs';
import { say, Stop } from './stop.mjs';

// Not below node_modules: `npm ci` empties that folder while the lock is held.
const LOCK = join(DIST, '.run.lock');
const POLL_MS = 200;
const GIVE_UP_MS = 15 * 60_000;

/** Runs `work` while no other command of this clone installs or builds. The lock of a process that died is taken over. */
export async function withRunLock(work) {
  await acquire();
  const release = () => rmSync(LOCK, { force: true });
  process.on('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function acquire() {
  const deadline = Date.now() + GIVE_UP_MS;
  let told = false;
  while (!tryLock()) {
    const holder = holderOf();
    if (holder !== null && !isAlive(holder.pid)) {
      takeOver(holder);
      continue;
    }
    if (Date.now() > deadline) {
      throw new Stop(
        `Process ${holder?.pid} has been installing or building here for too long. End it, or remove ${LOCK}, and try again.`,
      );
    }
    if (!told && holder !== null) say(`Waiting for process ${holder.pid}, which installs or builds here…`);
    told ||= holder !== null;
    await delay(POLL_MS);
  }
}

function tryLock() {
  try {
    mkdirSync(DIST, { recursive: true });
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Stop(`Cannot write to ${ROOT}: ${error.message}. Run this as the owner of the folder.`);
  }
}

/** null while the holder is about to write its number, or has just let go. */
function holderOf() {
  try {
    const { mtimeMs } = statSync(LOCK);
    const pid = Number(readFileSync(LOCK, 'utf8'));
    if (pid > 0) return { pid, mtimeMs };
    return Date.now() - mtimeMs > 5_000 ? { pid: 0, mtimeMs } : null;
  } catch {
    return null;
  }
}

function takeOver(dead) {
  try {
    if (statSync(LOCK).mtimeMs === dead.mtimeMs) unlinkSync(LOCK);
  } catch (error) {
    if (error.code !== 'ENOENT')
      throw new Stop(`Cannot remove ${LOCK}: ${error.message}. Remove it by hand.`);
  }
}

function isAlive(pid) {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
