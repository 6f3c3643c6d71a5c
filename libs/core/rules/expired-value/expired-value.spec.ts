import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'expired-value', ...rule }], ...more }), labels);

const expired = (format: string, value: string) => found({ key: 'k', format }, { k: value }).length > 0;

describe('expired-value, on 2026-01-01', () => {
  it.each([
    ['date', '2025-12-31', true],
    ['date', '2026-01-01', false],
    ['date', '2025-02-30', false],
    ['date', '2025-01-01T00:00:00Z', false],
    ['date', 'soon', false],
    ['datetime', '2025-12-31T23:59:59Z', true],
    ['datetime', '2026-01-01T00:00:00Z', true],
    ['datetime', '2026-01-01T00:00:01Z', false],
    ['datetime', '2025-12-31T23:59:59-01:00', false],
    ['datetime', '2025-12-31', false],
    ['epoch', '1767225599', true],
    ['epoch', '1767225601', false],
    ['epoch', '1767225599000', false],
    ['epoch', '', false],
  ])('%s %s: %s', (format, value, expected) => {
    expect(expired(format, value)).toBe(expected);
  });
});
