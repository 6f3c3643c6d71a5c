import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbsenceFinder, SeenIds } from './seen-ids.js';

const ids = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 300 });

describe('SeenIds', () => {
  it('gives what was added, in order, each once, however it came', () => {
    fc.assert(
      fc.property(fc.array(ids), (batches) => {
        const seen = new SeenIds();
        const all = new Set<number>();
        for (const batch of batches) {
          seen.add(batch);
          for (const id of batch) all.add(id);
          expect([...seen.sorted()]).toEqual([...all].sort((a, b) => a - b));
        }
        expect([...seen.sorted()]).toEqual([...all].sort((a, b) => a - b));
      }),
    );
  });

  it('holds many without holding more than 16 bytes each', () => {
    const seen = new SeenIds();
    const count = 300_000;
    for (let start = count; start > 0; start -= 1_000)
      seen.add(Array.from({ length: 1_000 }, (_, i) => start - i));
    expect(seen.bytes).toBeLessThanOrEqual(16 * count);
    const sorted = seen.sorted();
    expect([sorted.length, sorted[0], sorted.at(-1)]).toEqual([count, 1, count]);
    expect(seen.bytes).toBe(8 * count);
  });
});

describe('AbsenceFinder', () => {
  it('finds what is present and was not seen, over any cut into pages', () => {
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 50 }), (seenIds, presentIds, size) => {
        const seen = new SeenIds();
        seen.add(seenIds);
        const present = [...new Set(presentIds)].sort((a, b) => a - b);
        const finder = new AbsenceFinder(seen.sorted());
        const absent: number[] = [];
        for (let start = 0; start < present.length; start += size)
          absent.push(...finder.absent(present.slice(start, start + size)));
        expect(absent).toEqual(present.filter((id) => !seenIds.includes(id)));
      }),
    );
  });
});
