import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Logger } from '#core';

const READY = 'database system is ready to accept connections';
const KEPT_LINES = 20;

/** Reads what the server says on its standard error; keeps the last lines for error messages. */
export class ServerLog {
  private readonly lines: string[] = [];
  private stopping = false;
  private readonly readiness = Promise.withResolvers<void>();
  /** Resolves when the server says that it takes connections. */
  readonly ready = this.readiness.promise;

  constructor(
    stream: Readable,
    private readonly logger: Logger,
  ) {
    createInterface({ input: stream }).on('line', (line) => this.take(line));
  }

  get tail(): string {
    return this.lines.join('\n');
  }

  /** From now on connections that the server ends are as they should be. */
  expectStop(): void {
    this.stopping = true;
  }

  private take(line: string): void {
    this.lines.push(line.slice(0, 500));
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    if (line.includes(READY)) this.readiness.resolve();
    const [, process = '', level = '', message = line] = /^([^|]*)\|(\w+): +(.*)$/.exec(line) ?? [];
    const fields = { component: 'postgres', process, level, detail: message };
    // Errors of a statement are answered to whoever sent it.
    if (process === 'client backend' && level === 'ERROR') return;
    if (level === 'PANIC') this.logger.error(fields, 'the embedded PostgreSQL reports a fault');
    else if (this.stopping && level === 'FATAL' && process === 'client backend') return;
    else if (level === 'FATAL' || level === 'ERROR' || level === 'WARNING')
      this.logger.warn(fields, 'the embedded PostgreSQL reports a problem');
    else this.logger.debug(fields, 'the embedded PostgreSQL says');
  }
}
