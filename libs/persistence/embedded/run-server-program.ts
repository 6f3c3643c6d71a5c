import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { LaunchCommand } from './server-account.js';
import { SERVER_ENVIRONMENT } from './server-settings.js';

export interface ProgramResult {
  /** 0 when all went well; null when it could not be started or was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
}

const KEPT_CHARACTERS = 20_000;

/** Runs a program of the server to its end. Never rejects: a program that cannot be started says so in `output`. */
export async function runServerProgram({
  program,
  parameters,
  ...account
}: LaunchCommand): Promise<ProgramResult> {
  const { promise, resolve } = Promise.withResolvers<ProgramResult>();
  let output = '';
  let child: ChildProcessByStdio<null, Readable, Readable>;
  try {
    child = spawn(program, parameters, {
      ...account,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return { code: null, output: String(error) };
  }
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => resolve({ code: null, output: `${output}\n${error.message}` }));
  child.on('close', (code) => resolve({ code, output }));
  return promise;
}
