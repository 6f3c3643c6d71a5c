import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from '../bootstrap/paths.mjs';

const LOGS = join(CACHE, 'logs');
/** What is shown of a failing step; the log file has all of it. */
const SHOWN_BYTES = 60_000;
const running = new Set();

/**
 * Runs one program with its output kept in a log file.
 * @param step `{ name, command: [file, ...arguments], env, timeoutMs }`
 * @returns `{ name, ok, seconds, output, log, reason }`; never throws
 */
export function runStep({ name, command: [file, ...args], env = {}, timeoutMs }) {
  mkdirSync(LOGS, { recursive: true });
  const log = join(LOGS, `${name.replace(/\W+/g, '-')}.log`);
  const logFile = createWriteStream(log);
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let output = '';
    let reason = null;
    const keep = (chunk) => {
      logFile.write(chunk);
      output = (output + chunk).slice(-SHOWN_BYTES);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const overdue = setTimeout(() => {
      reason = `took longer than ${timeoutMs / 1000} s and was ended`;
      endGroup(child, 'SIGKILL');
    }, timeoutMs);
    const finish = (ok) => {
      clearTimeout(overdue);
      running.delete(child);
      logFile.end();
      resolve({ name, ok, seconds: (Date.now() - started) / 1000, output, log, reason });
    };
    child.once('error', (error) => {
      reason = `could not be started: ${error.message}`;
      finish(false);
    });
    child.once('close', (code, signal) => {
      reason ??= signal === null ? `exit code ${code}` : `ended by ${signal}`;
      finish(code === 0);
    });
  });
}

/** Ends what still runs, with everything that it started. */
export function endAll(signal) {
  for (const child of running) endGroup(child, signal);
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
