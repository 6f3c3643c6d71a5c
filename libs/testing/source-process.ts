import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface SourceProcess {
  readonly pid: number;
  /** The next line it writes to standard output. @throws when it ends instead, with what it wrote to standard error */
  nextLine(): Promise<string>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

export interface SourceProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user and group; only root may ask for it. */
  readonly uid?: number;
}

/** Lets node find `x.ts` where a source file imports `./x.js`. */
const RESOLVE_SOURCES = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    try { return next(specifier, context); }
    catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !specifier.endsWith('.js')) throw error;
      return next(specifier.slice(0, -3) + '.ts', context);
    }
  },
});`;

/**
 * Runs a module, given as text, in a process of its own, on the sources: for tests of what happens between processes and when one is killed. Its imports resolve from
 * the folder of `importMetaUrl`. It is ended with the process that started it.
 */
export function startSource(
  importMetaUrl: string,
  module: string,
  options: SourceProcessOptions = {},
): SourceProcess {
  const flags = [
    '--conditions=tagward:source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    `--import=data:text/javascript,${encodeURIComponent(RESOLVE_SOURCES)}`,
    '--input-type=module-typescript',
    `--eval=${module.replaceAll(/from '(\.[^']*)'/g, (_, path: string) => `from '${new URL(path, importMetaUrl).href}'`)}`,
  ];
  const child = spawn(process.execPath, flags, {
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  return watch(child);
}

function watch(child: ChildProcessByStdio<null, Readable, Readable>): SourceProcess {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  return {
    pid: child.pid ?? 0,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done !== true) return value;
      throw new Error(`The process ended (${await ended}): ${complaints}`);
    },
    ended,
    kill: (signal) => child.kill(signal),
  };
}
