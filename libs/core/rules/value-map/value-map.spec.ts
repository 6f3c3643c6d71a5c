import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'value-map', ...rule }], ...more }), labels);

const canonical = (rule: object, value: string) =>
  found({ key: 'k', ...rule }, { k: value, other: value })[0]?.evidence.canonical;

describe('value-map', () => {
  const map = { prod: 'production', PRD: 'production', none: 'None' };

  it.each([
    ['prod', 'production'],
    ['PRD', 'production'],
    ['none', 'None'],
    ['Prod', undefined],
    ['production', undefined],
    ['Production', undefined],
    ['None', undefined],
    ['toString', undefined],
  ])('as written: %s becomes %s', (value, expected) => {
    expect(canonical({ map }, value)).toBe(expected);
  });

  it.each([
    ['PROD', 'production'],
    ['prd', 'production'],
    ['Production', 'production'],
    ['NONE', 'None'],
    ['None', undefined],
    ['production', undefined],
  ])('with case ignored: %s becomes %s', (value, expected) => {
    expect(canonical({ map, ignoreCase: true }, value)).toBe(expected);
  });
});
