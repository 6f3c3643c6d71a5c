import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from './differences.js';

describe('differences', () => {
  it('names each field that differs, on either side', () => {
    expect(differences({ a: 1, b: { c: 'x', d: true } }, { a: 2, b: { c: 'x' }, e: [] })).toEqual([
      { path: 'a', before: 1, after: 2 },
      { path: 'b.d', before: true, after: undefined },
      { path: 'e', before: undefined, after: [] },
    ]);
  });

  it('tells entries of a list apart by their id, whatever their place', () => {
    const before = { rules: [{ id: 'one', max: '1' }, { id: 'two' }] };
    const after = { rules: [{ id: 'new' }, { id: 'one', max: '2' }] };

    expect(differences(before, after)).toEqual([
      { path: 'rules[one].max', before: '1', after: '2' },
      { path: 'rules[two]', before: { id: 'two' }, after: undefined },
      { path: 'rules[new]', before: undefined, after: { id: 'new' } },
    ]);
  });

  it('takes plain values of a list for a set, and says when only their order differs', () => {
    expect(differences({ regions: ['a', 'b'] }, { regions: ['b', 'c'] })).toEqual([
      { path: 'regions[]', before: 'a', after: undefined },
      { path: 'regions[]', before: undefined, after: 'c' },
    ]);
    expect(differences(['a', 'b'], ['b', 'a'])).toEqual([
      { path: ' (order)', before: ['a', 'b'], after: ['b', 'a'] },
    ]);
  });

  it('goes by place where nothing tells entries apart', () => {
    const twice = [{ id: 'same' }, { id: 'same' }];
    expect(differences(twice, [{ id: 'same' }])).toEqual([
      { path: '[1]', before: { id: 'same' }, after: undefined },
    ]);
  });

  it('finds none exactly where both are the same', () => {
    const small = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom('a', 'b', 'id', '__proto__') });
    fc.assert(
      fc.property(small, small, (before, after) => {
        expect(differences(before, structuredClone(before))).toEqual([]);
        expect(differences(before, after).length === 0).toBe(isDeepStrictEqual(before, after));
      }),
      { numRuns: 500 },
    );
  });
});
