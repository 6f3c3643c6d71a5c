import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ClientEnvironment } from '#config';
import { Failure } from '../failure.js';
import type { Prune } from './plan/make-plan.js';

export interface SyncOptions {
  readonly place: string;
  readonly url: URL;
  readonly token: string;
  readonly prune: Prune;
  readonly dryRun: boolean;
  /** Of a dry run: exit with 2 when there is a difference. */
  readonly exitCode: boolean;
  readonly json: boolean;
  readonly timeoutMs: number;
}

const OPTIONS = {
  file: { type: 'string', short: 'f' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  token: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'exit-code': { type: 'boolean' },
  prune: { type: 'boolean' },
  'prune-targets': { type: 'boolean' },
  json: { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

const DEFAULT_URL = 'http://127.0.0.1:3000';
const DEFAULT_TIMEOUT_S = 30;
const LONGEST_TIMEOUT_S = 600;

/** @throws Failure that says what is wrong with the command line or the environment; never with a secret in it */
export async function readSyncOptions(
  args: readonly string[],
  environment: ClientEnvironment,
): Promise<SyncOptions> {
  const values = parsed(args);
  if (values.token !== undefined)
    throw new Failure(
      'A token does not belong on the command line, where every process of the machine can read it: set TAGWARD_TOKEN or name a file with --token-file.',
    );
  if (values.file === undefined || values.file === '')
    throw new Failure('Name the directory to read: tagward sync -f <dir>.');
  const dryRun = values['dry-run'] ?? false;
  const exitCode = values['exit-code'] ?? false;
  if (exitCode && !dryRun) throw new Failure('--exit-code goes with --dry-run.');
  return {
    place: values.file,
    url: readUrl(values.url ?? environment.url ?? DEFAULT_URL),
    token: await readToken(values['token-file'], environment.token),
    prune: { rest: values.prune ?? false, targets: values['prune-targets'] ?? false },
    dryRun,
    exitCode,
    json: values.json ?? false,
    timeoutMs: readTimeout(values.timeout),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new Failure(`${(error as Error).message}\nSee: tagward sync --help`);
  }
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Failure(
      'The URL of the service is like https://tagward.example.com; see --url and TAGWARD_URL.',
    );
  if (url.username !== '' || url.password !== '')
    throw new Failure('The URL of the service has a user name or password in it; a token is all it needs.');
  url.search = '';
  url.hash = '';
  return url;
}

async function readToken(file: string | undefined, set: string | null): Promise<string> {
  const text = file === undefined ? set : await readTokenFile(file);
  const token = text?.trim() ?? '';
  if (token === '') {
    const where =
      file === undefined ? 'set TAGWARD_TOKEN, or name a file with --token-file' : `${file} is empty`;
    throw new Failure(`A token is needed: ${where}.`);
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new Failure('The token is not one word of plain characters, as API tokens are; was it copied whole?');
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
}

function readTimeout(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_TIMEOUT_S : Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_TIMEOUT_S) return seconds * 1_000;
  throw new Failure(`--timeout is a whole number of seconds from 1 to ${LONGEST_TIMEOUT_S}.`);
}
