import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { HygieneError, type Logger } from '#core';
import { explainServerFailure } from './explain-server-failure.js';
import type { LaunchCommand } from './server-account.js';
import { ServerLog } from './server-log.js';
import { SERVER_ENVIRONMENT } from './server-settings.js';

export interface ServerProcessOptions {
  readonly command: LaunchCommand;
  readonly socketDir: string;
  readonly logger: Logger;
  readonly onExit: ((error: HygieneError) => void) | undefined;
}

/** Replaying what a crash left takes its time; a server that says nothing for longer is broken. */
const START_TIMEOUT_MS = 300_000;
/** Children of a killed server let go of its memory within moments. */
const MEMORY_IN_USE_ATTEMPTS = 25;
const MEMORY_IN_USE_PAUSE_MS = 200;
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 30_000 },
  { signal: 'SIGQUIT', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const;

/** A running `postgres`. */
export class ServerProcess {
  private stopping: Promise<void> | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ServerProcessOptions,
    private readonly log: ServerLog,
  ) {
    child.once('exit', (code, signal) => {
      if (this.stopping !== null) return;
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      options.onExit?.(
        explainServerFailure(`The embedded PostgreSQL ended ${how} while Tagward was running`, log.tail),
      );
    });
  }

  /** Resolves once the server takes connections. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt++) {
      const { child, log, failure } = launch(options);
      const timeout = new AbortController();
      const outcome = await Promise.race([
        log.ready.then(() => 'ready' as const),
        failure.then((said) => ({ said })),
        delay(START_TIMEOUT_MS, { said: 'no answer' }, { signal: timeout.signal }).catch(() => ({
          said: 'no answer',
        })),
      ]);
      timeout.abort();
      if (outcome === 'ready') return new ServerProcess(child, options, log);
      child.kill('SIGQUIT');
      if (attempt === MEMORY_IN_USE_ATTEMPTS || !outcome.said.includes('shared memory block')) {
        await rm(options.socketDir, { recursive: true, force: true });
        throw explainServerFailure('The embedded PostgreSQL does not start', outcome.said);
      }
      await delay(MEMORY_IN_USE_PAUSE_MS);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    this.log.expectStop();
    for (const { signal, waitMs } of STOP_STEPS) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) break;
      const timeout = AbortSignal.timeout(waitMs);
      const exit = once(this.child, 'exit', { signal: timeout });
      this.child.kill(signal);
      try {
        await exit;
      } catch (error) {
        if (!timeout.aborted) throw error;
        this.options.logger.warn(
          { signal },
          'the embedded PostgreSQL does not stop in time; it is asked harder',
        );
      }
    }
    await rm(this.options.socketDir, { recursive: true, force: true });
  }
}

function launch({ command, logger }: ServerProcessOptions): {
  child: ChildProcess;
  log: ServerLog;
  failure: Promise<string>;
} {
  const { program, parameters, ...account } = command;
  const child = spawn(program, parameters, {
    ...account,
    // A session of its own: Ctrl-C in a terminal must reach Tagward alone, which stops the server when its own work is done.
    detached: true,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = new ServerLog(child.stderr, logger);
  const failure = Promise.withResolvers<string>();
  child.once('error', (error) => failure.resolve(error.message));
  child.once('close', () => failure.resolve(log.tail));
  return { child, log, failure: failure.promise };
}
