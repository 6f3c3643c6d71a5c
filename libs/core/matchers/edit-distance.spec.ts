import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from './edit-distance.js';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });

/** Every text that one edit makes of another, over the letters that can matter. */
function* edits(text: string): Generator<string> {
  for (let at = 0; at <= text.length; at += 1) {
    const [before, after] = [text.slice(0, at), text.slice(at)];
    for (const letter of 'abc') yield before + letter + after;
    if (after === '') continue;
    yield before + after.slice(1);
    for (const letter of 'abc') yield before + letter + after.slice(1);
    if (after.length > 1) yield `${before}${after.charAt(1)}${after.charAt(0)}${after.slice(2)}`;
  }
}

function nearBySearch(from: string, to: string): number {
  let reached = new Set([from]);
  for (let steps = 0; steps < 3; steps += 1) {
    if (reached.has(to)) return steps;
    reached = new Set([...reached].flatMap((text) => [...edits(text)]));
  }
  return 3;
}

describe('edit distance', () => {
  it.each([
    ['enviroment', 'environment', 1],
    ['enviornment', 'environment', 1],
    ['environmnet', 'environment', 1],
    ['ca', 'abc', 2],
    ['', 'ab', 2],
    ['same', 'same', 0],
  ])('%s to %s is %i', (a, b, expected) => {
    expect(editDistance(a, b, 5)).toBe(expected);
  });

  it('is what a search over single edits finds, up to two', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 2)).toBe(Math.min(nearBySearch(a, b), 3));
      }),
    );
  });

  it('is one more than the limit for everything farther away', () => {
    expect([0, 1, 2, 3, 4].map((limit) => editDistance('abcd', 'wxyz', limit))).toEqual([1, 2, 3, 4, 4]);
    expect(editDistance('a', 'aaaaaa', 2)).toBe(3);
    expect(editDistance('a', 'aaa', 2)).toBe(2);
  });

  it('is symmetric', () => {
    fc.assert(fc.property(word, word, (a, b) => editDistance(a, b, 9) === editDistance(b, a, 9)));
  });
});
