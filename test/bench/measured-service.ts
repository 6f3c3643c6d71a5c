import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const TOKEN = 'twd_bench-bootstrap-0123456789abcdefghijklmnopqrstu';
const MAIN = 'apps/all-in-one/main';
const SERVES = /Tagward serves at (\S+)/;

export interface Figures {
  /** Milliseconds. */
  readonly wall: number;
  /** Of the process that scans: megabytes at the peak. */
  readonly peak: number;
  readonly heap: number;
  readonly external: number;
  /** Milliseconds that its event loop was held: at the longest, and in 99 of 100 looks. */
  readonly longest: number;
  readonly p99: number;
}

export interface EndedScan {
  readonly status: string;
  readonly tags: number;
  readonly counts: { readonly open: number };
  readonly errors: readonly { readonly message: string }[];
}

/**
 * The built service in a process of its own, watched from outside. `TAGWARD_BENCH_MAIN` names another program that serves
 * (`apps/…/main`), `TAGWARD_BENCH_WORKER` one that only works off the queue: its figures are told then.
 */
export class MeasuredService {
  private constructor(
    readonly url: string,
    private readonly processes: readonly ChildProcess[],
    private readonly measured: ChildProcess,
    private readonly delays: string,
  ) {}

  static async start(dataDir: string, nodeArgs: readonly string[] = []): Promise<MeasuredService> {
    const delays = join(dataDir, 'delays.json');
    const env = { ...process.env, ...ENVIRONMENT, TAGWARD_DATA_DIR: dataDir, TAGWARD_BENCH_DELAYS: delays };
    const service = launch(process.env['TAGWARD_BENCH_MAIN'] ?? MAIN, nodeArgs, env);
    const url = await urlOf(service);
    const other = process.env['TAGWARD_BENCH_WORKER'];
    const worker = other === undefined ? null : launch(other, nodeArgs, env);
    return new MeasuredService(
      url,
      worker === null ? [service] : [worker, service],
      worker ?? service,
      delays,
    );
  }

  /** Of the API; the body as JSON. @throws when the answer is none that is expected */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = typeof body === 'string';
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': text ? 'application/yaml' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} is answered ${response.status}: ${answer}`);
    return JSON.parse(answer) as T;
  }

  /** Scans a target to the end, and what that took. */
  async scan(targetId: string): Promise<{ scan: EndedScan; figures: Figures }> {
    await this.beginAnew();
    const began = performance.now();
    const { id } = await this.ask<{ id: string }>('POST', '/scans', { targetId });
    let scan: EndedScan;
    do {
      await wait(200);
      scan = await this.ask('GET', `/scans/${id}`);
    } while (['QUEUED', 'RUNNING'].includes(scan.status));
    const wall = performance.now() - began;
    await wait(300);
    const seen = JSON.parse(await readFile(this.delays, 'utf8')) as Omit<Figures, 'wall' | 'peak'>;
    return { scan, figures: { wall, peak: await this.peak(), ...seen } };
  }

  async stop(): Promise<void> {
    for (const child of this.processes) {
      if (child.exitCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
  }

  /** https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html: 5 sets the peak of the resident memory back. */
  private async beginAnew(): Promise<void> {
    await writeFile(`/proc/${this.measured.pid}/clear_refs`, '5').catch(() => undefined);
    this.measured.kill('SIGUSR2');
  }

  /** NaN where there is no /proc. */
  private async peak(): Promise<number> {
    const status = await readFile(`/proc/${this.measured.pid}/status`, 'utf8').catch(() => '');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1_024;
  }
}

const ENVIRONMENT = {
  TAGWARD_ADMIN_TOKEN: TOKEN,
  TAGWARD_OUTBOUND_ALLOW: '127.0.0.1',
  PORT: '0',
  TAGWARD_LOG_LEVEL: 'warn',
};

function launch(main: string, nodeArgs: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const probe = new URL(`./probe-delay${extname(import.meta.url)}`, import.meta.url).href;
  const file = fileURLToPath(new URL(`../../${main}${extname(import.meta.url)}`, import.meta.url));
  const flags = [...process.execArgv, ...nodeArgs, '--import', probe];
  return spawn(process.execPath, [...flags, file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function urlOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout === null) throw new Error('The service says nothing.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = SERVES.exec(line)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)));
  return promise;
}
