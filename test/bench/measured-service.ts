import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '#testing';

const TOKEN = 'twd_bench-bootstrap-0123456789abcdefghijklmnopqrstu';
const SERVES = /serves at (\S+)/;
const WORKS = /Tagward works/;
const KEY = randomBytes(32).toString('base64');

export interface Figures {
  /** Milliseconds. */
  readonly wall: number;
  /** Of the process that scans: seconds of CPU. */
  readonly cpu: number;
  /** Megabytes at the peak. */
  readonly peak: number;
  readonly heap: number;
  readonly external: number;
  /** Milliseconds that its event loop was held: at the longest, and in 99 of 100 looks. */
  readonly longest: number;
  readonly p99: number;
}

interface ReportFile {
  readonly format: string;
  readonly bytes: number;
}

export interface EndedScan {
  readonly status: string;
  readonly tags: number;
  readonly counts: { readonly open: number };
  readonly errors: readonly { readonly message: string }[];
}

/**
 * The built service, watched from outside: the API and a worker apart on one PostgreSQL, and the worker's figures are told; with
 * `TAGWARD_BENCH_TOGETHER=1` all in one process, as `npm start` runs it.
 */
export class MeasuredService {
  private constructor(
    readonly url: string,
    private readonly measured: ChildProcess,
    private readonly more: {
      readonly others?: readonly ChildProcess[];
      readonly delays?: string;
      readonly database?: TestDatabase;
    },
  ) {}

  static async start(folder: string, nodeArgs: readonly string[] = []): Promise<MeasuredService> {
    const delays = join(folder, 'delays.json');
    const env = { ...process.env, ...ENVIRONMENT };
    const watched = { ...env, TAGWARD_BENCH_DELAYS: delays, TAGWARD_DATA_DIR: join(folder, 'data') };
    if (process.env['TAGWARD_BENCH_TOGETHER'] === '1') {
      const service = launch('apps/all-in-one/main', nodeArgs, watched);
      const url = await lineOf(service, SERVES);
      return new MeasuredService(url, service, { delays });
    }
    const database = await testDatabase();
    const service = await MeasuredService.startOn(folder, database.url, nodeArgs);
    return new MeasuredService(service.url, service.measured, { ...service.more, database });
  }

  /** The API and a worker on a database that is there; the worker is measured. */
  static async startOn(
    folder: string,
    databaseUrl: string,
    nodeArgs: readonly string[] = [],
  ): Promise<MeasuredService> {
    const delays = join(folder, 'delays.json');
    const env = {
      ...{ ...process.env, ...ENVIRONMENT, DATABASE_URL: databaseUrl, TAGWARD_SECRET_KEY: KEY },
      TAGWARD_DATA_DIR: join(folder, 'data'),
    };
    const api = launch('apps/api/main', [], env);
    const url = await lineOf(api, SERVES);
    const worker = launch('apps/worker/main', nodeArgs, { ...env, TAGWARD_BENCH_DELAYS: delays });
    await lineOf(worker, WORKS);
    return new MeasuredService(url, worker, { others: [api], delays });
  }

  /** The API alone, on a database that is there. */
  static async startApi(folder: string, databaseUrl: string): Promise<MeasuredService> {
    const env = {
      ...{ ...process.env, ...ENVIRONMENT, DATABASE_URL: databaseUrl, TAGWARD_SECRET_KEY: KEY },
      TAGWARD_DATA_DIR: join(folder, 'api'),
    };
    const api = launch('apps/api/main', [], env);
    return new MeasuredService(await lineOf(api, SERVES), api, {});
  }

  /** Of every request. */
  get headers(): Record<string, string> {
    return { authorization: `Bearer ${TOKEN}` };
  }

  /** Of the API; the body as JSON. @throws when the answer is none that is expected */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = typeof body === 'string';
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...this.headers,
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
    const [began, cpu] = [performance.now(), await this.cpu()];
    const { id } = await this.ask<{ id: string }>('POST', '/scans', { targetId });
    let scan: EndedScan;
    do {
      await wait(200);
      scan = await this.ask('GET', `/scans/${id}`);
    } while (['QUEUED', 'RUNNING'].includes(scan.status));
    const wall = performance.now() - began;
    await wait(300);
    const seen = JSON.parse(await readFile(this.more.delays ?? '', 'utf8')) as Omit<
      Figures,
      'wall' | 'cpu' | 'peak'
    >;
    return { scan, figures: { wall, cpu: (await this.cpu()) - cpu, peak: await this.peak(), ...seen } };
  }

  /** Makes a report of everything, in all formats: milliseconds, and megabytes at the peak beside those before. */
  async report(): Promise<{ wall: number; before: number; peak: number; files: readonly ReportFile[] }> {
    await this.beginAnew();
    const [began, before] = [performance.now(), await this.peak()];
    const { id } = await this.ask<{ id: string }>('POST', '/reports', {});
    let report: { status: string; error: string | null; files: readonly ReportFile[] };
    do {
      await wait(100);
      report = await this.ask('GET', `/reports/${id}`);
    } while (['QUEUED', 'RUNNING'].includes(report.status));
    if (report.status !== 'READY') throw new Error(`The report is ${report.status}: ${report.error}`);
    const { files } = report;
    return { wall: performance.now() - began, before, peak: await this.peak(), files };
  }

  async stop(): Promise<void> {
    for (const child of [this.measured, ...(this.more.others ?? [])]) {
      if (child.exitCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    await this.more.database?.drop();
  }

  /** https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html: 5 sets the peak of the resident memory back. */
  private async beginAnew(): Promise<void> {
    await writeFile(`/proc/${this.measured.pid}/clear_refs`, '5').catch(() => undefined);
    this.measured.kill('SIGUSR2');
  }

  /** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: user and system time, in ticks of 10 ms. NaN where there is no /proc. */
  private async cpu(): Promise<number> {
    const stat = await readFile(`/proc/${this.measured.pid}/stat`, 'utf8').catch(() => '');
    const [user = NaN, system = NaN] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) / 100;
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

/** What the pattern's group holds, once the process says a line of it. */
async function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout === null) throw new Error('The service says nothing.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = pattern.exec(line);
    if (found !== null) resolve(found[1] ?? '');
  });
  child.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)));
  return promise;
}
