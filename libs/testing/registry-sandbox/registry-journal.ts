import type { IncomingHttpHeaders } from 'node:http';

/** A request that came in, in the order of coming. */
export interface RequestRecord {
  readonly method: string;
  /** With its query: `/v2/acme/app/tags/list?n=100`. */
  readonly path: string;
  /** Those that say who asks for what; authorization as it was sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** null: not answered, or not yet. */
  status: number | null;
  /** Of the answer's body. */
  bytes: number;
}

const OF_INTEREST: readonly string[] = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-type',
  'cookie',
  'host',
  'if-none-match',
  'private-token',
  'user-agent',
  'x-api-key',
];
const MOST_RECORDS = 500_000;

/** What was asked of the registry and of its token server: the judge of what a client did. */
export class RegistryJournal {
  private records: RequestRecord[] = [];
  private open = 0;
  private most = 0;

  get requests(): readonly RequestRecord[] {
    return this.records;
  }

  /** Requests whose `METHOD /path` matches: `count(/^HEAD .*manifests/)`; all when left out. */
  count(pattern?: RegExp): number {
    return this.matching(pattern).length;
  }

  /** Bytes of the answers' bodies. */
  bytesOut(pattern?: RegExp): number {
    return this.matching(pattern).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The most requests that were open at once. */
  get mostAtOnce(): number {
    return this.most;
  }

  reset(): void {
    this.records = [];
    this.most = this.open;
  }

  opened(): void {
    this.open += 1;
    this.most = Math.max(this.most, this.open);
  }

  closed(): void {
    this.open -= 1;
  }

  add(method: string, path: string, headers: IncomingHttpHeaders): RequestRecord {
    const record: RequestRecord = { method, path, headers: pick(headers), status: null, bytes: 0 };
    if (this.records.length < MOST_RECORDS) this.records.push(record);
    return record;
  }

  private matching(pattern: RegExp | undefined): readonly RequestRecord[] {
    if (pattern === undefined) return this.records;
    return this.records.filter(({ method, path }) => pattern.test(`${method} ${path}`));
  }
}

function pick(headers: IncomingHttpHeaders): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of OF_INTEREST) {
    const value = headers[name];
    if (value !== undefined) picked[name] = String(value);
  }
  return picked;
}
