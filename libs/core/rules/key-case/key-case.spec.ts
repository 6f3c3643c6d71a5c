import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'key-case', ...rule }], ...more }), labels);

describe('key-case', () => {
  it('renames to the style, and leaves exceptions and what keeps to it alone', () => {
    const rule = { style: 'snake_case', except: [{ exact: 'Name' }], fix: 'rename' };
    const findings = found(rule, {
      Name: 'a',
      CostCenter: 'b',
      cost_type: 'c',
      'kubernetes.io/cluster/Main': 'd',
    });
    expect(findings.map(({ tag, changes, blocked }) => [tag, changes, blocked])).toEqual([
      ['CostCenter', [{ change: 'rename', from: 'CostCenter', to: 'cost_center', value: 'b' }], false],
      ['kubernetes.io/cluster/Main', [], true],
    ]);
  });

  it('keeps one of two keys that become one, and blocks the other when they disagree', () => {
    const findings = found({ style: 'kebab-case', fix: 'rename' }, { cost_center: 'a', CostCenter: 'b' });
    expect(findings.map(({ tag, blocked }) => [tag, blocked])).toEqual([
      ['CostCenter', false],
      ['cost_center', true],
    ]);
  });
});
