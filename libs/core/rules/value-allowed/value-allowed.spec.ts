import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'value-allowed', ...rule }], ...more }), labels);

const change = (value: string, values: string[]) =>
  found({ key: 'k', values, fix: 'nearest' }, { k: value })[0]?.changes[0];

describe('value-allowed', () => {
  it('finds what is not in the list, to the letter', () => {
    const rule = { key: 'k', values: ['a', 'b'] };
    expect(['a', 'b', 'A', '', 'c'].map((k) => found(rule, { k }).length)).toEqual([0, 0, 1, 1, 1]);
  });

  it('goes by the vocabulary or by a matcher', () => {
    const vocabulary = { values: { k: ['a'] } };
    expect(['a', 'b'].map((k) => found({ key: 'k' }, { k }, { vocabulary }).length)).toEqual([0, 1]);
    expect(['a1', 'a'].map((k) => found({ key: 'k', matches: { re2: 'a\\d' } }, { k }).length)).toEqual([
      0, 1,
    ]);
  });

  it('sets the one value that is near, and none when two are', () => {
    expect(change('Prodction', ['production', 'staging'])).toEqual({
      change: 'set',
      key: 'k',
      value: 'production',
    });
    expect(change(' DEV ', ['dev', 'prod'])).toEqual({ change: 'set', key: 'k', value: 'dev' });
    expect(change('dev3', ['dev1', 'dev2'])).toBeUndefined();
    expect(change('qa', ['production'])).toBeUndefined();
  });
});
