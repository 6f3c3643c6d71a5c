import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeBounded, type StreamSource } from './merge-bounded.js';

const { signal } = new AbortController();

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function sourceOf(items: readonly number[], turns = 0): StreamSource<number> {
  return async function* () {
    for (const item of items) {
      for (let n = 0; n < turns; n += 1) await turn();
      yield item;
    }
  };
}

const never: StreamSource<number> = async function* (inner) {
  yield 0;
  await new Promise((_resolve, reject) =>
    inner.addEventListener('abort', () => reject(new Error('stopped'))),
  );
};

describe('merging streams', () => {
  it('gives every item once, each stream in its order, whatever the concurrency', async () => {
    const streams = fc.array(fc.tuple(fc.nat(8), fc.nat(3)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 1, max: 6 }), async (shapes, concurrency) => {
        const lists = shapes.map(([length], s) => Array.from({ length }, (_, n) => s * 100 + n));
        const sources = lists.map((list, s) => sourceOf(list, shapes[s]?.[1]));
        const merged = await collect(mergeBounded(sources, { concurrency, signal }));
        lists.forEach((list, s) =>
          expect(merged.filter((item) => Math.floor(item / 100) === s)).toEqual(list),
        );
        expect(merged).toHaveLength(lists.flat().length);
      }),
    );
  });

  it('reads no more streams at once than it may, and runs no more than one item ahead of its reader', async () => {
    let open = 0;
    let most = 0;
    let made = 0;
    const sources = Array.from(
      { length: 6 },
      (): StreamSource<number> =>
        async function* () {
          open += 1;
          most = Math.max(most, open);
          for (let n = 0; n < 50; n += 1) {
            made += 1;
            yield n;
          }
          open -= 1;
        },
    );
    let taken = 0;
    for await (const _item of mergeBounded(sources, { concurrency: 3, signal })) {
      taken += 1;
      await turn();
      expect(made - taken).toBeLessThanOrEqual(3);
    }
    expect([most, taken]).toEqual([3, 300]);
  });

  it('ends with CANCELLED at once when it is aborted, though a stream hangs, and tells the stream', async () => {
    const abort = new AbortController();
    let told = false;
    const source: StreamSource<number> = (inner) => {
      inner.addEventListener('abort', () => (told = true));
      return never(inner);
    };
    const reading = collect(mergeBounded([source], { concurrency: 2, signal: abort.signal }));
    await turn();
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(told).toBe(true);
  });

  it('ends with the first fault and stops the others', async () => {
    let told = false;
    const broken: StreamSource<number> = async function* () {
      yield 1;
      throw new Error('broken');
    };
    const other: StreamSource<number> = (inner) => {
      inner.addEventListener('abort', () => (told = true));
      return never(inner);
    };
    await expect(collect(mergeBounded([broken, other], { concurrency: 2, signal }))).rejects.toThrow(
      'broken',
    );
    expect(told).toBe(true);
  });

  it('stops its streams when its reader leaves', async () => {
    let closed = 0;
    const endless: StreamSource<number> = async function* () {
      try {
        for (let n = 0; ; n += 1) yield n;
      } finally {
        closed += 1;
      }
    };
    for await (const item of mergeBounded([endless, endless], { concurrency: 2, signal }))
      if (item > 3) break;
    await turn();
    expect(closed).toBe(2);
  });
});
