import { describe, expect, it } from 'vitest';
import type { PointerChange } from '../model/finding.js';
import { applyPointerChanges } from './apply-pointer-fixes.js';

const NAMES = new Map<string, string | null>([
  ['v1', 'a'],
  ['tmp', 'b'],
  ['unknown', null],
]);
const after = (...changes: PointerChange[]) => Object.fromEntries(applyPointerChanges(NAMES, changes));

describe('changes of pointers', () => {
  it('remove, create and put back names', () => {
    expect(
      after(
        { change: 'untag', name: 'tmp', digest: 'b' },
        { change: 'untag', name: 'unknown', digest: null },
        { change: 'alias', from: 'tmp', to: 'v2', digest: 'b' },
        { change: 'restore', name: 'v1', digest: 'a', to: 'c' },
        { change: 'purge', digest: 'd' },
      ),
    ).toEqual({ v1: 'c', v2: 'b' });
  });

  it.each<PointerChange>([
    { change: 'untag', name: 'tmp', digest: 'moved' },
    { change: 'untag', name: 'gone', digest: 'a' },
    { change: 'alias', from: 'tmp', to: 'v2', digest: 'moved' },
    { change: 'alias', from: 'tmp', to: 'v1', digest: 'b' },
    { change: 'restore', name: 'v1', digest: 'moved', to: 'c' },
  ])('are not made where things stand otherwise: %j', (change) => {
    expect(after(change)).toEqual(Object.fromEntries(NAMES));
  });
});
