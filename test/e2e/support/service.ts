import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const APPS = fileURLToPath(new URL('../../../dist/apps/', import.meta.url));
type App = 'all-in-one' | 'api' | 'worker';
export const ADMIN_TOKEN = 'twd_e2e-bootstrap-0123456789abcdefghijklmnopqrstuv';

export interface Started {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything the process wrote, so far. */
  output(): string;
  /** Sends the signal and gives the exit code once the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

interface StartOptions {
  readonly dataDir: string;
  readonly env?: Record<string, string>;
}

/** Starts the built service as an operator would, and waits until it says that it is ready. */
export async function startService(options: StartOptions): Promise<Started> {
  return startServing('all-in-one', options);
}

/** As `startService`, the API alone or both. */
export async function startServing(app: 'all-in-one' | 'api', options: StartOptions): Promise<Started> {
  const launched = launch(options, app);
  const url = await said(launched, /serves at (\S+)/);
  await until(async () => (await fetch(`${url}/health/ready`)).ok || null, 10_000);
  return started(launched, options.dataDir, url);
}

/** A worker alone; it has no address. */
export async function startWorkerProcess(options: StartOptions): Promise<Started> {
  const launched = launch(options, 'worker');
  await said(launched, /(Tagward works)/);
  return started(launched, options.dataDir, '');
}

type Launched = ReturnType<typeof launch>;

async function said({ process: child, output }: Launched, words: RegExp): Promise<string> {
  return until(async () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}:\n${output()}`);
    return words.exec(output())?.[1] ?? null;
  }, 30_000);
}

function started({ process: child, output }: Launched, dataDir: string, url: string): Started {
  return {
    url,
    dataDir,
    process: child,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill(signal);
        await gone;
      }
      return child.exitCode;
    },
  };
}

/** Starts the process and leaves it to the caller what to wait for. */
export function launch({ dataDir, env = {} }: StartOptions, app: App = 'all-in-one') {
  const child = spawn(process.execPath, [join(APPS, app, 'main.js')], {
    env: {
      PATH: process.env.PATH,
      TAGWARD_DATA_DIR: dataDir,
      TAGWARD_ADMIN_TOKEN: ADMIN_TOKEN,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { process: child, output: () => text };
}

export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tagward-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
