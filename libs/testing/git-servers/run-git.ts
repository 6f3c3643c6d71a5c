import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** What a git of the tests sees: nothing of this machine's user or system configuration. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Runs git to its end. @returns what it wrote to standard output @throws with what it wrote to standard error when it fails */
export async function runGit(args: readonly string[], input?: Readable): Promise<string> {
  // Nothing here has to outlive a power cut, and waiting for the disk at each ref is most of the time.
  const child = spawn('git', ['-c', 'core.fsync=none', ...args], {
    env: GIT_ENVIRONMENT,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const [output, complaints] = [text(child.stdout as Readable), text(child.stderr as Readable)];
  // A git that ends before it has read its input says why on standard error.
  if (input !== undefined && child.stdin !== null) await pipeline(input, child.stdin).catch(() => undefined);
  const [code] =
    child.exitCode === null ? ((await once(child, 'close')) as [number | null]) : [child.exitCode];
  if (code === 0) return output;
  throw new Error(`git ${args.join(' ')} ended with ${code}: ${await complaints}`);
}
