import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointerChange } from '../model/finding.js';
import { applyPointerChanges } from './apply-pointer-fixes.js';
import { composePointerChanges, pointerWritten } from './compose-pointer-changes.js';

const untag = (name: string, digest = 'a'): PointerChange => ({ change: 'untag', name, digest });
const alias = (from: string, to: string, digest = 'a'): PointerChange => ({
  change: 'alias',
  from,
  to,
  digest,
});
const restore = (name: string, to: string, digest = 'a'): PointerChange => ({
  change: 'restore',
  name,
  digest,
  to,
});
const compose = (...lists: PointerChange[][]) =>
  composePointerChanges(lists.map((changes, id) => ({ id, changes })));

describe('fixes of pointers that meet', () => {
  it('make the same wish of two rules one change', () => {
    expect(compose([untag('tmp')], [untag('tmp')])).toEqual({
      changes: [untag('tmp')],
      conflicts: [],
      refused: new Set(),
    });
    expect(compose([alias('a', 'v1')], [alias('b', 'v1')]).changes).toHaveLength(1);
  });

  it('leave a name alone on which they disagree, and refuse every side whole', () => {
    expect(compose([untag('v1'), untag('x')], [restore('v1', 'b')], [untag('y')])).toEqual({
      changes: [untag('y')],
      conflicts: [{ key: 'v1', proposals: [0, 1] }],
      refused: new Set([0, 1]),
    });
    expect(compose([alias('a', 'v1', 'a')], [alias('b', 'v1', 'b')]).changes).toEqual([]);
  });

  it('create a name from one that is untagged', () => {
    expect(compose([untag('1.0')], [alias('1.0', 'v1.0')]).changes).toEqual([
      untag('1.0'),
      alias('1.0', 'v1.0'),
    ]);
  });

  it('tell content from a name that is written like its digest', () => {
    const { changes, conflicts } = compose([{ change: 'purge', digest: 'a' }], [untag('a')]);
    expect(conflicts).toEqual([]);
    expect(changes).toHaveLength(2);
  });

  const name = fc.constantFrom('v1', '1', 'tmp', 'b');
  const digest = fc.constantFrom('a', 'b');
  const change: fc.Arbitrary<PointerChange> = fc.oneof(
    fc.record({ change: fc.constant('untag' as const), name, digest }),
    fc.record({ change: fc.constant('alias' as const), from: name, to: name, digest }),
    fc.record({ change: fc.constant('restore' as const), name, digest, to: digest }),
    fc.record({ change: fc.constant('purge' as const), digest }),
  );
  const proposals = fc
    .array(fc.array(change, { maxLength: 3 }), { maxLength: 5 })
    .map((lists) => lists.map((changes, id) => ({ id, changes })));
  const written = (one: PointerChange): string =>
    `${one.change === 'purge' ? 'content' : 'name'} ${pointerWritten(one)}`;

  it('compose to the same whatever their order', () => {
    fc.assert(
      fc.property(proposals, (list) => {
        const { changes, conflicts, refused } = composePointerChanges(list);
        const back = composePointerChanges(
          [...list].reverse().map(({ id, changes: own }) => ({ id, changes: [...own].reverse() })),
        );
        expect(back.changes).toEqual(changes);
        expect(back.conflicts).toEqual(conflicts);
        expect([...back.refused].sort()).toEqual([...refused].sort());
      }),
      { numRuns: 1_000 },
    );
  });

  it('come to one change a name at most, and refuse all sides of a conflict', () => {
    fc.assert(
      fc.property(proposals, (list) => {
        const { changes, conflicts, refused } = composePointerChanges(list);
        const names = changes.map(written);
        expect(new Set(names).size).toBe(names.length);
        for (const { key, proposals: sides } of conflicts) {
          const touching = list.filter((proposal) =>
            proposal.changes.some((one) => pointerWritten(one) === key),
          );
          for (const id of sides) {
            expect(touching.map((proposal) => proposal.id)).toContain(id);
            expect(refused.has(id)).toBe(true);
          }
        }
        for (const one of changes) {
          const wanting = list.filter(
            ({ id, changes: own }) => !refused.has(id) && own.some((mine) => written(mine) === written(one)),
          );
          expect(wanting).not.toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are made in any order to the same end', () => {
    const names = fc
      .dictionary(name, digest)
      .map((all) => new Map<string, string | null>(Object.entries(all)));
    fc.assert(
      fc.property(names, proposals, (before, list) => {
        const { changes } = composePointerChanges(list);
        const sorted = (all: ReadonlyMap<string, string | null>) => [...all].sort();
        expect(sorted(applyPointerChanges(before, [...changes].reverse()))).toEqual(
          sorted(applyPointerChanges(before, changes)),
        );
      }),
    );
  });
});
