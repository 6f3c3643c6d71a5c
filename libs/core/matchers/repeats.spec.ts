import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from './hash-text.js';
import { Repeats } from './repeats.js';

describe('what came more than once', () => {
  it('is never missed, whatever came and however much was expected', () => {
    const hashes = fc.array(fc.oneof(fc.nat({ max: 0xffffffff }), fc.nat({ max: 40 })), { maxLength: 60 });
    fc.assert(
      fc.property(hashes, fc.nat({ max: 200 }), (list, expected) => {
        const repeats = new Repeats(expected);
        for (const hash of list) repeats.add(hash);
        for (const hash of list) {
          if (list.indexOf(hash) !== list.lastIndexOf(hash)) expect(repeats.has(hash)).toBe(true);
        }
      }),
    );
  });

  it('is hardly ever taken for it, where as many came as were expected', () => {
    const repeats = new Repeats(20_000);
    const names = Array.from({ length: 20_000 }, (_, n) => hashText(`v1.${n % 100}.${n}`));
    for (const hash of names) repeats.add(hash);
    expect(names.filter((hash) => repeats.has(hash)).length).toBeLessThan(20_000 / 30);
  });

  it('tells apart neighbours, of nothing and of little', () => {
    const repeats = new Repeats(0);
    for (const hash of [0, 1, 31, 32, 1, 32]) repeats.add(hash);
    expect([0, 1, 2, 31, 32, 33].filter((hash) => repeats.has(hash))).toEqual([1, 32]);
  });
});

describe('the hash of a text', () => {
  it('is a whole number of 32 bits, the same for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hash = hashText(text);
        expect(hash).toBe(hashText(`${text}`));
        expect(hash).toBe(hash >>> 0);
      }),
    );
  });

  it('depends on every letter and its place, in its low bits, too', () => {
    const texts = Array.from({ length: 4_096 }, (_, n) => `k${n.toString(36)}`);
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
    const buckets = new Map<number, number>();
    for (const text of texts) buckets.set(hashText(text) & 63, (buckets.get(hashText(text) & 63) ?? 0) + 1);
    expect(buckets.size).toBe(64);
    expect(Math.max(...buckets.values())).toBeLessThan(128);
    expect(hashText('ab')).not.toBe(hashText('ba'));
    expect(hashText('')).not.toBe(hashText('\0'));
  });
});
