import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process group of its own, which ends as a whole at `stop`, and with this process. */
export interface GroupProcess {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export function startGroup(program: string, args: readonly string[], options: SpawnOptions): GroupProcess {
  const child = spawn(program, args, { ...options, detached: true });
  const ended = once(child, 'close').catch(() => undefined);
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  process.once('exit', kill);
  return {
    child,
    async stop() {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}
