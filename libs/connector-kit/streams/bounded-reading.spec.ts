import { PassThrough } from 'node:stream';
import { HygieneError } from '#core';
import { describe, expect, it } from 'vitest';
import { boundedReading, type ReadingLimits } from './bounded-reading.js';

const LIMITS: ReadingLimits = { firstByteMs: 5_000, idleMs: 5_000, totalMs: 5_000, maxBytes: 100 };

async function read(
  stream: PassThrough,
  limits: Partial<ReadingLimits> = {},
  signal = new AbortController().signal,
): Promise<string> {
  let text = '';
  const context = { what: 'the list', origin: 'a server', limits: { ...LIMITS, ...limits }, signal };
  try {
    for await (const chunk of boundedReading(stream, context)) text += chunk.toString();
    return text;
  } catch (error) {
    expect(stream.destroyed).toBe(true);
    return (error as HygieneError).code;
  }
}

describe('bounded reading', () => {
  it('gives what comes, up to its limit', async () => {
    const stream = new PassThrough();
    stream.write('one ');
    stream.end('two');
    expect(await read(stream)).toBe('one two');
    const long = new PassThrough();
    long.end('x'.repeat(101));
    expect(await read(long)).toBe('REMOTE_REPLY_INVALID');
  });

  it('gives up on a stream that is silent from the start, falls silent, or trickles for too long', async () => {
    expect(await read(new PassThrough(), { firstByteMs: 50 })).toBe('REMOTE_TIMEOUT');
    const once = new PassThrough();
    once.write('x');
    expect(await read(once, { idleMs: 50 })).toBe('REMOTE_TIMEOUT');
    const trickle = new PassThrough();
    const timer = setInterval(() => trickle.write('x'), 10);
    expect(await read(trickle, { firstByteMs: 100, idleMs: 100, totalMs: 300 })).toBe('REMOTE_TIMEOUT');
    clearInterval(timer);
  });

  it('counts the silence of the stream, not the time that the reader takes', async () => {
    const stream = new PassThrough();
    stream.write('a');
    const context = {
      ...{ what: 'the list', origin: 'a server', signal: new AbortController().signal },
      limits: { ...LIMITS, firstByteMs: 50, idleMs: 200 },
    };
    let text = '';
    for await (const chunk of boundedReading(stream, context)) {
      text += chunk.toString();
      // Longer than the first limit, which is over with the first byte.
      await new Promise((resolve) => setTimeout(resolve, 80));
      if (text === 'a') stream.end('b');
    }
    expect(text).toBe('ab');
  });

  it('ends with CANCELLED at once, before and while it waits', async () => {
    const abort = new AbortController();
    const waiting = read(new PassThrough(), {}, abort.signal);
    abort.abort();
    expect(await waiting).toBe('CANCELLED');
    const stream = new PassThrough();
    stream.destroy();
    expect(await read(stream, {}, abort.signal)).toBe('CANCELLED');
  });

  it('destroys a stream that is left early', async () => {
    const stream = new PassThrough();
    stream.write('x');
    const context = { what: 'x', origin: 'y', limits: LIMITS, signal: new AbortController().signal };
    for await (const chunk of boundedReading(stream, context)) if (chunk.length > 0) break;
    expect(stream.destroyed).toBe(true);
  });
});
