import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'empty-value', ...rule }], ...more }), labels);

const states = (rule: object, ...values: string[]) =>
  found(rule, Object.fromEntries(values.map((value, index) => [`k${index}`, value]))).map(
    ({ tag, evidence }) => `${tag ?? ''} ${JSON.stringify(evidence.state)}`,
  );

describe('empty-value', () => {
  it('tells three states apart', () => {
    expect(states({}, '', ' \t\u00A0', 'N/A', ' todo ', 'todos', '0', 'none')).toEqual([
      'k0 "empty"',
      'k1 "whitespace"',
      'k2 "placeholder"',
      'k3 "placeholder"',
    ]);
  });

  it.each([
    ['empty', ['k0 "empty"']],
    ['whitespace', ['k1 "whitespace"']],
    ['placeholder', ['k2 "placeholder"']],
  ])('looks for %s alone when told to', (state, expected) => {
    expect(states({ treatAsEmpty: [state] }, '', ' ', 'tbd', 'x')).toEqual(expected);
  });

  it('knows the placeholders it is given and no others', () => {
    expect(states({ placeholders: ['-'] }, '-', 'n/a')).toEqual(['k0 "placeholder"']);
  });

  it('removes the key with the value it saw, or sets another', () => {
    expect(found({ fix: 'remove' }, { a: ' ' })[0]?.changes).toEqual([
      { change: 'remove', key: 'a', value: ' ' },
    ]);
    const set = found({ fix: { set: { value: 'none given' } } }, { a: ' ' });
    expect(set[0]?.changes).toEqual([{ change: 'set', key: 'a', value: 'none given' }]);
  });
});
