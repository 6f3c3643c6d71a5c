export interface CallRecord {
  readonly action: string;
  readonly region: string;
  readonly status: number;
}

const LOG_MAX = 100_000;

/** What was asked of the sandbox. */
export class SandboxStats {
  private calls: CallRecord[] = [];
  private readonly bytes = new Map<string, number>();
  private open = 0;
  private most = 0;

  /** Calls in order, the newest 100,000. */
  get log(): readonly CallRecord[] {
    return this.calls;
  }

  /** Requests that were answered, of one action or all. */
  count(action?: string): number {
    return this.calls.filter((call) => action === undefined || call.action === action).length;
  }

  /** Bytes of reply bodies, of one action or all. */
  bytesOut(action?: string): number {
    if (action !== undefined) return this.bytes.get(action) ?? 0;
    return [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** The most requests that were open at once. */
  get mostAtOnce(): number {
    return this.most;
  }

  reset(): void {
    this.calls = [];
    this.bytes.clear();
    this.most = this.open;
  }

  opened(): void {
    this.open += 1;
    this.most = Math.max(this.most, this.open);
  }

  closed(): void {
    this.open -= 1;
  }

  answered(record: CallRecord, bytes: number): void {
    if (this.calls.length < LOG_MAX) this.calls.push(record);
    this.bytes.set(record.action, (this.bytes.get(record.action) ?? 0) + bytes);
  }
}
