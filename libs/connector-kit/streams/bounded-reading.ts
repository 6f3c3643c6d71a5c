import type { Readable } from 'node:stream';
import { timedOut, tooLarge } from '../http/http-fault.js';
import { cancelled } from './cancellation.js';

/** What reading from a remote may cost: milliseconds and bytes. */
export interface ReadingLimits {
  /** To the first byte. */
  readonly firstByteMs: number;
  /** The longest silence after that. */
  readonly idleMs: number;
  readonly totalMs: number;
  readonly maxBytes: number;
}

export interface ReadingContext {
  /** What is read and where from, for messages: `the tags`, `ssh://host`. */
  readonly what: string;
  readonly origin: string;
  readonly limits: ReadingLimits;
  readonly signal: AbortSignal;
}

/**
 * The chunks of a stream, each wait and all of it at a limit; the time that the reader itself takes does not count as silence.
 * A limit or an abort destroys the stream. Leaving early destroys it too. @throws HygieneError CANCELLED, REMOTE_TIMEOUT,
 * REMOTE_REPLY_INVALID, and what the stream itself fails with as it is
 */
export async function* boundedReading(
  stream: Readable,
  { what, origin, limits, signal }: ReadingContext,
): AsyncGenerator<Buffer, void, undefined> {
  const onAbort = (): void => void stream.destroy(cancelled());
  const onLate = (): void => void stream.destroy(timedOut(what, origin));
  if (signal.aborted) throw cancelled();
  signal.addEventListener('abort', onAbort, { once: true });
  const total = setTimeout(onLate, limits.totalMs);
  let silence = setTimeout(onLate, limits.firstByteMs);
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      clearTimeout(silence);
      bytes += chunk.length;
      if (bytes > limits.maxBytes) throw tooLarge(what, origin, limits.maxBytes);
      yield chunk;
      silence = setTimeout(onLate, limits.idleMs);
    }
  } finally {
    clearTimeout(silence);
    clearTimeout(total);
    signal.removeEventListener('abort', onAbort);
    stream.destroy();
  }
}
