import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';
import { Stop } from './stop.mjs';

const WATCHER = new URL('./end-with-parent.mjs', import.meta.url).href;
const PARENT_POLL_MS = 200;
/** npm and a terminal both pass one Ctrl-C on; what comes within this time is the same one. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs `node` with `args` in place of this process: same streams, same exit code, signals passed on once each. The child is in a
 * process group of its own, so that a signal to the whole group does not reach it a second time and cut its draining short.
 * @param folder where it runs; the repository unless told
 * @returns the exit code; 128 + n for signal n
 */
export function handOver(node, args, folder = ROOT) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['--import', WATCHER, ...args], {
      cwd: folder,
      stdio: 'inherit',
      detached: true,
    });
    const last = {};
    const passOn = (signal) => {
      const now = Date.now();
      if (now - (last[signal] ?? 0) < SAME_SIGNAL_MS) return;
      last[signal] = now;
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT']) process.on(signal, passOn);
    process.on('SIGHUP', () => passOn('SIGTERM'));
    if (process.env.npm_lifecycle_event !== undefined) watchParent(() => passOn('SIGTERM'));
    child.once('error', (error) => reject(new Stop(`${node} does not start: ${error.message}.`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** npm that is killed outright tells nobody. */
function watchParent(gone) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, PARENT_POLL_MS).unref();
}
