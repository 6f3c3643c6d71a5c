import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'tag-budget', ...rule }], ...more }), labels);

describe('tag-budget', () => {
  it('counts what a user may set', () => {
    const labels = { a: '', b: '', c: '', 'aws:x': '' };
    expect(found({ max: 3 }, labels)).toEqual([]);
    expect(found({ max: 2 }, labels)).toMatchObject([
      { tag: null, value: null, evidence: { tags: 3, max: 2 }, fixable: false },
    ]);
  });
});
