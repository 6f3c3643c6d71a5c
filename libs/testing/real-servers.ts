import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endNow, freePort, spawnBound, untilSaid } from './bound-process.js';

/** Servers, and a browser, that come from Debian packages; a test of one that is not installed is counted as not run, never as passed. */
const SERVERS = {
  redis: { program: 'redis-server', debianPackage: 'redis-server' },
  chromium: { program: 'chromium', debianPackage: 'chromium' },
  'docker-registry': { program: 'docker-registry', debianPackage: 'docker-registry' },
  sshd: { program: 'sshd', debianPackage: 'openssh-server' },
} as const;
export type RealProgramName = keyof typeof SERVERS;

export interface RealServer {
  /** `redis://:password@127.0.0.1:port` */
  readonly url: string;
  readonly pid: number;
  /** Ends it at once, as a crash would, and starts it again, empty, at the same address. */
  restart(): Promise<void>;
  /** Ends it at once, as a crash would, and removes its files. */
  stop(): Promise<void>;
}

export interface RealProgramOptions {
  /** The spec file's `import.meta.url`, for the list of what did not run. */
  readonly spec: string;
  /** Where to look for programs, instead of PATH and the system's folders. */
  readonly folders?: readonly string[];
  /** Instead of `NOT_RUN_FILE`. */
  readonly notRunFile?: string;
}

export interface RealServerOptions extends RealProgramOptions {
  /** Further command line parameters: `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly parameters?: readonly string[];
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** One JSON line for each test file that did not run: `{"server":"redis","spec":"libs/queue/x.int.spec.ts"}`. Whoever runs the tests empties it first. */
export const NOT_RUN_FILE = join(ROOT, 'node_modules', '.cache', 'tagward', 'not-run.jsonl');
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];

/**
 * Starts a real server of the Debian package on a free port and a temporary folder; it ends with this process in any case. Looks for it as `realProgram` does.
 *
 * @returns null when it is not installed: skip the tests that need it (`describe.runIf(server !== null)`); the file above says so
 * @throws instead of returning null when TAGWARD_REQUIRE_SERVERS is 1
 */
export async function realServer(name: 'redis', options: RealServerOptions): Promise<RealServer | null> {
  const path = await realProgram(name, options);
  return path === null ? null : startRedis(path, options.parameters ?? []);
}

/**
 * Where the program of the Debian package is, on PATH or in the system's folders, for tests that start it themselves.
 *
 * @returns null when it is not installed: skip the tests that need it; the file above says so
 * @throws instead of returning null when TAGWARD_REQUIRE_SERVERS is 1
 */
export async function realProgram(
  name: RealProgramName,
  options: RealProgramOptions,
): Promise<string | null> {
  const { program, debianPackage } = SERVERS[name];
  const folders = options.folders ?? [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const path = folders.map((folder) => join(folder, program)).find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  if (process.env['TAGWARD_REQUIRE_SERVERS'] === '1') {
    throw new Error(
      `${program} is not installed and TAGWARD_REQUIRE_SERVERS is 1: apt-get install ${debianPackage}`,
    );
  }
  const file = options.notRunFile ?? NOT_RUN_FILE;
  const spec = fileURLToPath(options.spec).slice(ROOT.length + 1);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify({ server: name, spec })}\n`);
  return null;
}

async function startRedis(program: string, parameters: readonly string[]): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tagward-redis-'));
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--requirepass',
    password,
    '--dir',
    folder,
    '--save',
    '',
  ];
  const start = async () => {
    const started = spawnBound(program, [...settings, ...parameters]);
    try {
      await untilSaid(started, 'Ready to accept connections');
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return started;
  };
  let child = await start();
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? 0;
    },
    async restart() {
      await endNow(child);
      child = await start();
    },
    async stop() {
      await endNow(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
