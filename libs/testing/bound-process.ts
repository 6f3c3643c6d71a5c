import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What it says, on either stream, comes by `stdout` and `stderr`. */
export type BoundProcess = ChildProcessByStdio<null, Readable, Readable>;

/** The kernel ends the server when this process is gone. */
export function spawnBound(program: string, parameters: readonly string[]): BoundProcess {
  const setpriv = '/usr/bin/setpriv';
  const bound = existsSync(setpriv) ? [setpriv, '--pdeathsig=KILL', program] : [program];
  const [first = program, ...rest] = [...bound, ...parameters];
  return spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A program in Go says why before its stack, which is longer than that of others. */
const MOST_LINES = 60;

/** Resolves at the first line with these words, on either stream; rejects with its last words when the server ends before. */
export async function untilSaid(child: BoundProcess, words: string): Promise<void> {
  const said: string[] = [];
  const outcome = Promise.withResolvers<void>();
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      if (said.push(line) > MOST_LINES) said.shift();
      if (line.includes(words)) outcome.resolve();
    });
  child.once('error', outcome.reject);
  child.once('close', () => {
    const panic = said.findIndex((line) => line.startsWith('panic:'));
    const telling = panic < 0 ? said.slice(-5) : said.slice(panic, panic + 1);
    outcome.reject(new Error(`The server ended: ${telling.join(' / ')}`));
  });
  await outcome.promise;
}

/** Ends it at once, as a crash would, and waits until it is gone. */
export async function endNow(child: BoundProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Free at this moment; somebody else may take it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
