import fc from 'fast-check';
import { expect, it } from 'vitest';
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
