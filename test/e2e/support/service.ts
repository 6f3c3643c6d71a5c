import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../../dist/apps/all-in-one/main.js', import.meta.url));
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

/** Starts the built service as an operator would, and waits until it says that it is ready. */
export async function startService(options: {
  dataDir: string;
  env?: Record<string, string>;
}): Promise<Started> {
  const launched = launch(options);
  const { process: child, output } = launched;
  const url = await until(async () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}:\n${output()}`);
    return /Tagward serves at (\S+)/.exec(output())?.[1] ?? null;
  }, 30_000);
  await until(async () => (await fetch(`${url}/health/ready`)).ok || null, 10_000);
  return {
    url,
    dataDir: options.dataDir,
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
export function launch({ dataDir, env = {} }: { dataDir: string; env?: Record<string, string> }) {
  const child = spawn(process.execPath, [MAIN], {
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
