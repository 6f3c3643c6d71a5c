import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'key-collision', ...rule }], ...more }), labels);

const merge = (into: string) => ({ fix: { merge: { into } } });
const brief = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  found(rule, labels, more).map(({ tag, blocked, changes }) => {
    const [change] = changes;
    return `${tag ?? ''}${blocked ? ' blocked' : ''}${change?.change === 'rename' ? ` -> ${change.to}=${change.value}` : ''}`;
  });

describe('key-collision', () => {
  it('finds keys that fold to one, and not those that lose a separator', () => {
    expect(brief({}, { cost_center: '', 'Cost-Center': '', costcenter: '', other: '' })).toEqual([
      'Cost-Center',
    ]);
  });

  it('takes the word of the vocabulary for right', () => {
    const vocabulary = { keys: ['Owner'] };
    expect(brief(merge('vocabulary'), { Owner: 'a', owner: 'a' }, { vocabulary })).toEqual([
      'owner -> Owner=a',
    ]);
    expect(brief(merge('vocabulary'), { OWNER: 'a', owner: 'a' }, { vocabulary })).toEqual([
      'OWNER -> Owner=a',
      'owner -> Owner=a',
    ]);
  });

  it('has nothing to merge into when the vocabulary has no word for it', () => {
    expect(found(merge('vocabulary'), { A: '1', a: '1' })).toMatchObject([
      { tag: 'A', fixable: false, changes: [] },
    ]);
  });

  it('merges into a style, only where the values agree', () => {
    expect(brief(merge('kebab-case'), { cost_center: 'a', 'Cost Center': 'a' })).toEqual([
      'Cost Center -> cost-center=a',
      'cost_center -> cost-center=a',
    ]);
    expect(brief(merge('kebab-case'), { cost_center: 'a', 'Cost Center': 'b' })).toEqual([
      'Cost Center blocked',
      'cost_center blocked',
    ]);
  });
});
