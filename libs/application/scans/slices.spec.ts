import { expect, it } from 'vitest';
import { aResource, aTag } from '#testing';
import { slicesOf } from './slices.js';

const holding = (count: number) =>
  aResource(
    `with ${count}`,
    Array.from({ length: count }, (_, n) => aTag(`v${n}`)),
  );

it.each([
  { what: 'nothing', tags: [], slices: [] },
  { what: 'few', tags: [1, 2, 3], slices: [3] },
  { what: 'many resources', tags: Array<number>(600).fill(0), slices: [250, 250, 100] },
  { what: 'many tags', tags: [2_000, 2_000, 1_000, 1, 4_999, 1], slices: [3, 2, 1] },
  { what: 'one huge resource among small ones', tags: [1, 20_000, 1], slices: [1, 1, 1] },
])('cuts $what', ({ tags, slices }) => {
  const resources = tags.map(holding);
  const cut = [...slicesOf(resources)];

  expect(cut.map(({ length }) => length)).toEqual(slices);
  expect(cut.flat()).toEqual(resources);
});
