import { HygieneError } from '#core';
import {
  BoundedProcess,
  childEnvironment,
  runBounded,
  type ProcessEnd,
  type ProcessRequest,
  type ReadingLimits,
} from '#connector-kit';

export interface GitProgramOptions {
  /** An empty folder. */
  readonly home: string;
  /** Where a fault happened, for messages. */
  readonly origin: string;
  readonly signal: AbortSignal;
}

export interface GitRun {
  readonly what: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Iterable<string>;
}

/** `http.curloptResolve`, without which an address that was checked could not be the one connected to, came with 2.37. */
const OLDEST: readonly [number, number] = [2, 37];
const LIMITS: ReadingLimits = {
  firstByteMs: 600_000,
  idleMs: 600_000,
  totalMs: 900_000,
  maxBytes: 4 * 1_024 * 1_048_576,
};

/** Of a git that is new enough: asked once for each process. */
let knownVersion: string | null = null;

/**
 * Runs git as if on a machine of its own: no configuration of a user or the system, no prompt, no hooks, no other program that a
 * repository names, no network unless the run itself allows a protocol.
 */
export class GitProgram {
  constructor(private readonly options: GitProgramOptions) {}

  get signal(): AbortSignal {
    return this.options.signal;
  }

  /** @returns how it ended, and what it wrote */
  async run({ input, ...run }: GitRun): Promise<ProcessEnd & { readonly output: Buffer }> {
    return runBounded(this.request(run), input);
  }

  start(run: Omit<GitRun, 'input'>): BoundedProcess {
    return new BoundedProcess(this.request(run));
  }

  /** @throws HygieneError OPERATION_UNSUPPORTED when git is missing or too old @returns its version */
  async version(): Promise<string> {
    knownVersion ??= await this.askVersion();
    return knownVersion;
  }

  private async askVersion(): Promise<string> {
    const { output } = await this.run({ what: 'the version of git', args: ['version'] });
    const [version = 'unknown', major, minor] = /(\d+)\.(\d+)[\d.]*/.exec(output.toString('utf8')) ?? [];
    const newEnough =
      Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
    if (newEnough) return version;
    throw new HygieneError(
      'OPERATION_UNSUPPORTED',
      `git ${version} is too old to read dates, taggers and signatures: ${OLDEST.join('.')} or newer is needed where Tagward runs.`,
    );
  }

  private request({ what, args, env = {} }: Omit<GitRun, 'input'>): ProcessRequest {
    const { home, origin, signal } = this.options;
    return {
      program: 'git',
      args: ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args],
      env: childEnvironment({
        HOME: home,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '',
        GIT_NO_LAZY_FETCH: '1',
        GIT_NO_REPLACE_OBJECTS: '1',
        GIT_ALLOW_PROTOCOL: 'none',
        ...env,
      }),
      cwd: home,
      ...{ what, origin, signal, limits: LIMITS },
    };
  }
}
