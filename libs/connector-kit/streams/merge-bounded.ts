import { cancelled } from './cancellation.js';

/** Makes one stream; its signal is aborted as soon as nobody wants the rest. */
export type StreamSource<T> = (signal: AbortSignal) => AsyncIterable<T>;

export interface MergeOptions {
  /** Streams read side by side. */
  readonly concurrency: number;
  /** Aborting ends the merged stream with CANCELLED at once, even while a source hangs. */
  readonly signal: AbortSignal;
}

/**
 * Many streams as one, items in the order they arrive. Each stream is at most one item ahead of the reader, so a slow reader slows
 * the sources. The first fault of a source ends the whole with it; leaving early stops every source.
 */
export async function* mergeBounded<T>(
  sources: Iterable<StreamSource<T>>,
  { concurrency, signal }: MergeOptions,
): AsyncGenerator<T, void, undefined> {
  if (signal.aborted) throw cancelled();
  const inner = new AbortController();
  const merge = new Merge<T>(sources[Symbol.iterator](), inner.signal);
  const onAbort = (): void => merge.fail(cancelled());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (let lane = 0; lane < concurrency; lane += 1) merge.startLane();
    for (let item = await merge.take(); item !== null; item = await merge.take()) yield item.value;
  } finally {
    signal.removeEventListener('abort', onAbort);
    inner.abort();
    merge.stop();
  }
}

class Merge<T> {
  private readonly ready: { readonly value: T; readonly taken: () => void }[] = [];
  private wake: (() => void) | null = null;
  private lanes = 0;
  private fault: { readonly error: unknown } | null = null;
  private stopped = false;

  constructor(
    private readonly sources: Iterator<StreamSource<T>>,
    private readonly signal: AbortSignal,
  ) {}

  startLane(): void {
    this.lanes += 1;
    void this.runLane().then(
      () => this.endLane(),
      (error: unknown) => {
        this.endLane();
        this.fail(error);
      },
    );
  }

  /** The next item, null when all sources ended. Throws the first fault, before items that wait. */
  async take(): Promise<{ readonly value: T } | null> {
    for (;;) {
      if (this.fault !== null) throw this.fault.error;
      const item = this.ready.shift();
      if (item !== undefined) {
        item.taken();
        return item;
      }
      if (this.lanes === 0) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  fail(error: unknown): void {
    this.fault ??= { error };
    this.wakeReader();
  }

  stop(): void {
    this.stopped = true;
    for (const { taken } of this.ready.splice(0)) taken();
  }

  private async runLane(): Promise<void> {
    for (let next = this.sources.next(); next.done !== true && !this.stopped; next = this.sources.next())
      for await (const value of next.value(this.signal)) {
        if (this.stopped) return;
        await this.offer(value);
      }
  }

  private async offer(value: T): Promise<void> {
    await new Promise<void>((taken) => {
      this.ready.push({ value, taken });
      this.wakeReader();
    });
  }

  private endLane(): void {
    this.lanes -= 1;
    this.wakeReader();
  }

  private wakeReader(): void {
    this.wake?.();
    this.wake = null;
  }
}
