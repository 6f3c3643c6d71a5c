import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMemo } from './bounded-memo.js';

it('gives what the function gives, whatever the order, and computes a text that repeats once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 200 }), (texts) => {
      const memo = new BoundedMemo((text) => text.length, 4);
      expect(texts.map((text) => memo.get(text))).toEqual(texts.map((text) => text.length));
    }),
  );
  let computed = 0;
  const memo = new BoundedMemo(() => (computed += 1), 4);
  for (let round = 0; round < 10; round += 1) memo.get('a');
  expect(computed).toBe(1);
});

describe('what it remembers', () => {
  /** How often each text was computed. */
  const counting = (capacity: number) => {
    const counts = new Map<string, number>();
    const memo = new BoundedMemo((text) => {
      counts.set(text, (counts.get(text) ?? 0) + 1);
      return text;
    }, capacity);
    return { counts, ask: (...texts: string[]) => texts.forEach((text) => memo.get(text)) };
  };
  const numbered = (from: number, count: number) => Array.from({ length: count }, (_, n) => `t${from + n}`);

  it('is everything when one more comes than it holds, if what it held was asked for again', () => {
    const { counts, ask } = counting(4);
    ask('a', 'b', 'c', 'd', 'a', 'b', 'c', 'd');
    expect([...counts.values()]).toEqual([1, 1, 1, 1]);
    ask('e', 'a', 'a');
    expect(counts).toEqual(new Map([...'abcde'].map((text) => [text, text === 'a' ? 2 : 1])));
  });

  it('is nothing for sixteen times its size once texts hardly repeat', () => {
    const { counts, ask } = counting(4);
    ask('a', 'b', 'c', 'd', 'a', 'b', 'c', 'e', 'e');
    // "e" is still remembered where the others were forgotten; after it nothing is, for 64 texts.
    expect(counts.get('e')).toBe(2);
    ask(...numbered(0, 61), 'x', 'x');
    expect(counts.get('x')).toBe(2);
    ask('y', 'y', 'y');
    expect(counts.get('y')).toBe(1);
  });

  it('starts counting anew each time it is full', () => {
    const { counts, ask } = counting(2);
    ask('a', 'b', 'a', 'b', 'c', 'd', 'e');
    ask('f', 'f');
    expect(counts.get('f')).toBe(2);
  });
});
