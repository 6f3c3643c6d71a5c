import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { HygieneError } from '#core';
import { cancelled } from '../streams/cancellation.js';
import { timedOut } from '../http/http-fault.js';
import { boundedReading, type ReadingContext } from '../streams/bounded-reading.js';

export interface ProcessRequest extends ReadingContext {
  readonly program: string;
  readonly args: readonly string[];
  /** All of it: see `childEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of the caller's own: what a program finds where it stands may change what it does. */
  readonly cwd: string;
}

export interface ProcessEnd {
  /** null when a signal ended it. */
  readonly code: number | null;
  /** The first 8 KiB of standard error without control characters: for telling faults apart, never to be shown. */
  readonly complaints: string;
}

const COMPLAINTS_KEPT = 8_192;

/**
 * A program that runs without a shell, in a process group of its own that is ended as a whole: by an abort, by a limit of time or
 * output, by `close`.
 */
export class BoundedProcess {
  /** Its standard output, bounded. */
  readonly output: AsyncIterable<Buffer>;
  /** @throws HygieneError CANCELLED, REMOTE_TIMEOUT; OPERATION_UNSUPPORTED when the program is not installed */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.end(cancelled());
  private reason: HygieneError | null = null;
  private over = false;
  private complaints = '';

  constructor(private readonly request: ProcessRequest) {
    const { program, args, env, cwd, signal, limits, what, origin } = request;
    if (signal.aborted) throw cancelled();
    this.child = spawn(program, args, { env: { ...env }, cwd, stdio: 'pipe', detached: true });
    this.timer = setTimeout(() => this.end(timedOut(what, origin)), limits.totalMs);
    signal.addEventListener('abort', this.onAbort, { once: true });
    // A program that leaves before it has read its input says why by how it ends.
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', () => undefined);
    this.child.stderr.on('data', (chunk: Buffer) => this.complain(chunk));
    this.ended = this.untilEnded();
    // Whoever reads the output alone learns of a fault there.
    this.ended.catch(() => undefined);
    this.output = this.read();
  }

  /** Waits while the program is slow to read. */
  async write(bytes: Uint8Array | string): Promise<void> {
    const { stdin } = this.child;
    if (stdin.destroyed || stdin.write(bytes)) return;
    await Promise.race([once(stdin, 'drain').catch(() => undefined), this.ended.catch(() => undefined)]);
  }

  endInput(): void {
    this.child.stdin.end();
  }

  /** Ends the whole group, if it is still there, and waits until it is gone. */
  async close(): Promise<void> {
    this.end(null);
    await this.ended.catch(() => undefined);
  }

  private async *read(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* boundedReading(this.child.stdout, this.request);
    } catch (fault) {
      if (fault instanceof HygieneError) this.end(fault);
      throw this.reason ?? fault;
    }
    if (this.reason !== null) throw this.reason;
  }

  private async untilEnded(): Promise<ProcessEnd> {
    const { program } = this.request;
    try {
      const [code] = (await once(this.child, 'close')) as [number | null];
      if (this.reason !== null) throw this.reason;
      return { code, complaints: this.complaints };
    } catch (fault) {
      if (fault instanceof HygieneError) throw fault;
      throw notStarted(program, fault);
    } finally {
      this.over = true;
      clearTimeout(this.timer);
      this.request.signal.removeEventListener('abort', this.onAbort);
    }
  }

  private end(reason: HygieneError | null): void {
    if (this.over) return;
    this.reason ??= reason;
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream.destroy();
    killGroup(this.child.pid);
  }

  private complain(chunk: Buffer): void {
    if (this.complaints.length >= COMPLAINTS_KEPT) return;
    this.complaints = withoutControls(this.complaints + chunk.toString('utf8')).slice(0, COMPLAINTS_KEPT);
  }
}

/** Runs a program that reads `input` (or nothing) and ends by itself. @returns how, and what it wrote to standard output */
export async function runBounded(
  request: ProcessRequest,
  input: Iterable<string> = [],
): Promise<ProcessEnd & { readonly output: Buffer }> {
  const child = new BoundedProcess(request);
  try {
    const [output] = await Promise.all([collect(child.output), feed(child, input)]);
    return { ...(await child.ended), output };
  } catch (fault) {
    await child.ended;
    throw fault;
  } finally {
    await child.close();
  }
}

/** Gives a program all of its input; ends early when the program does. */
export async function feed(child: BoundedProcess, input: Iterable<string>): Promise<void> {
  for (const text of input) await child.write(text);
  child.endInput();
}

async function collect(output: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function notStarted(program: string, fault: unknown): HygieneError {
  const { code } = fault as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'it is not installed' : `it could not be started (${code ?? 'no code'})`;
  return new HygieneError(
    'OPERATION_UNSUPPORTED',
    `The program ${program} is needed where Tagward runs, and ${why}. Install it and try again.`,
    { cause: fault },
  );
}

/** Without what moves a terminal's cursor or colours it (CVE-2024-52005); lines stay lines. */
function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');
}
