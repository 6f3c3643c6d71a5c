import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'required-key', ...rule }], ...more }), labels);

describe('required-key', () => {
  it('finds each missing key once, with its default when it has one', () => {
    const rule = { keys: ['owner', 'team', 'owner'], fix: { set: { owner: 'none' } } };
    expect(
      found(rule, {}).map(({ tag, value, changes, fixable }) => ({ tag, value, changes, fixable })),
    ).toEqual([
      { tag: 'owner', value: null, changes: [{ change: 'set', key: 'owner', value: 'none' }], fixable: true },
      { tag: 'team', value: null, changes: [], fixable: false },
    ]);
  });

  it('counts an empty value as there, and another case as missing', () => {
    expect(found({ keys: ['owner'] }, { owner: '' })).toEqual([]);
    expect(found({ keys: ['owner'] }, { Owner: 'a' })).toHaveLength(1);
  });

  it('asks for the keys that its selector lets through', () => {
    const rule = { keys: ['owner', 'team'], on: { tags: [{ exact: 'team' }] } };
    expect(found(rule, {}).map(({ tag }) => tag)).toEqual(['team']);
  });
});
