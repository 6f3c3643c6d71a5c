import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelChange } from '../model/finding.js';
import { applyChanges } from './apply-fixes.js';
import { composeChanges } from './compose-changes.js';

const set = (key: string, value: string): LabelChange => ({ change: 'set', key, value });
const remove = (key: string, value = ''): LabelChange => ({ change: 'remove', key, value });
const rename = (from: string, to: string, value: string): LabelChange => ({
  change: 'rename',
  from,
  to,
  value,
});

function compose(labels: Readonly<Record<string, string>>, ...changes: LabelChange[]) {
  const proposals = changes.map((change, id) => ({ id, changes: [change] }));
  const composed = composeChanges(new Map(Object.entries(labels)), proposals);
  return {
    changes: composed.changes,
    conflicts: composed.conflicts.map(({ key }) => key),
    refused: [...composed.refused].sort(),
  };
}

const agreed = (...changes: LabelChange[]) => ({ changes, conflicts: [], refused: [] });

describe('composing changes', () => {
  it('makes one change of a rename and a new value', () => {
    const labels = { enviroment: 'prod' };
    expect(
      compose(labels, rename('enviroment', 'environment', 'prod'), set('enviroment', 'production')),
    ).toEqual(agreed(rename('enviroment', 'environment', 'production')));
  });

  it('makes one change of what two rules both want', () => {
    expect(compose({ a: '1' }, remove('a', '1'), remove('a', '1'))).toEqual(agreed(remove('a', '1')));
    expect(compose({ a: '1' }, set('a', '2'), set('a', '2'))).toEqual(agreed(set('a', '2')));
    expect(compose({}, set('a', '2'), set('a', '2'))).toEqual(agreed(set('a', '2')));
  });

  it('gives a key that is dropped into another the value that the other ends with', () => {
    const labels = { env: 'prod', environment: 'prod' };
    expect(compose(labels, rename('env', 'environment', 'prod'), set('environment', 'production'))).toEqual(
      agreed(rename('env', 'environment', 'production'), set('environment', 'production')),
    );
  });

  it.each<[string, Readonly<Record<string, string>>, LabelChange[], string[]]>([
    ['remove and rename', { a: '1' }, [remove('a', '1'), rename('a', 'b', '1')], ['a']],
    ['remove and set', { a: '1' }, [remove('a', '1'), set('a', '2')], ['a']],
    ['two values', { a: '1' }, [set('a', '2'), set('a', '3')], ['a']],
    ['two names', { a: '1' }, [rename('a', 'b', '1'), rename('a', 'c', '1')], ['a']],
    ['two keys that become one', { a: '1', b: '2' }, [rename('a', 'c', '1'), rename('b', 'c', '2')], ['c']],
    ['into a key that goes', { a: '1', b: '1' }, [rename('a', 'b', '1'), remove('b', '1')], ['b']],
    ['into a key that moves on', { a: '1', b: '1' }, [rename('a', 'b', '1'), rename('b', 'c', '1')], ['b']],
    [
      'two keys that change places',
      { a: '1', b: '1' },
      [rename('a', 'b', '1'), rename('b', 'a', '1')],
      ['a', 'b'],
    ],
    ['overwrite and rely', { a: '1', b: '2', c: '2' }, [rename('a', 'b', '1'), rename('c', 'b', '2')], ['b']],
    [
      'a value for one of two that are dropped together',
      { a: 'x', b: 'x' },
      [rename('a', 'b', 'x'), set('a', 'y')],
      ['b'],
    ],
  ])('%s: nothing is changed', (_name, labels, changes, keys) => {
    const composed = compose(labels, ...changes);
    expect(composed).toEqual({ changes: [], conflicts: keys, refused: changes.map((_, id) => id) });
  });

  it('keeps what has nothing to do with a conflict', () => {
    const composed = compose({ a: '1', b: '2' }, remove('a', '1'), set('a', '2'), remove('b', '2'));
    expect(composed).toEqual({ changes: [remove('b', '2')], conflicts: ['a'], refused: [0, 1] });
  });

  it('says who takes part in a conflict', () => {
    const labels = new Map([['a', '1']]);
    const proposals = [remove('a'), set('z', '1'), set('a', '2')].map((change, id) => ({
      id: id * 10,
      changes: [change],
    }));
    expect(composeChanges(labels, proposals).conflicts).toEqual([{ key: 'a', proposals: [0, 20] }]);
  });

  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const value = fc.constantFrom('1', '2');
  const change = fc.oneof(
    fc.tuple(key, value).map(([name, text]) => set(name, text)),
    key.map((name) => remove(name)),
    fc
      .tuple(key, key, value)
      .filter(([from, to]) => from !== to)
      .map(([from, to, text]) => rename(from, to, text)),
  );

  it('does not depend on the order, changes a key once, and never undoes what it agreed to', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.array(change, { maxLength: 6 }), (given, changes) => {
        const labels = new Map(Object.entries(given));
        const wanted = changes.filter((item) => labels.has(item.change === 'rename' ? item.from : item.key));
        const proposals = wanted.map((item, id) => ({ id, changes: [item] }));
        const composed = composeChanges(labels, proposals);
        expect(composeChanges(labels, [...proposals].reverse())).toEqual(composed);
        const keys = composed.changes.map((item) => (item.change === 'rename' ? item.from : item.key));
        expect(new Set(keys).size).toBe(keys.length);
        const after = applyChanges(labels, composed.changes);
        for (const { id, changes: list } of proposals.filter(({ id: own }) => !composed.refused.has(own))) {
          for (const item of list) {
            if (item.change === 'remove') expect(after.has(item.key)).toBe(false);
            if (item.change === 'rename')
              expect([after.has(item.from), after.has(item.to)]).toEqual([false, true]);
          }
          expect(composed.conflicts.flatMap((conflict) => conflict.proposals)).not.toContain(id);
        }
        for (const [name, text] of labels) {
          const touched = wanted.some(
            (item) =>
              name === (item.change === 'rename' ? item.from : item.key) ||
              (item.change === 'rename' && item.to === name),
          );
          if (!touched) expect(after.get(name)).toBe(text);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
