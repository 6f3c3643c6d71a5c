import { describe, expect, it } from 'vitest';
import { judge, packOf } from '../../../testing/policy-builders.js';

const found = (rule: object, labels: Readonly<Record<string, string>>, more: object = {}) =>
  judge(packOf({ pack: 'p', rules: [{ id: 'r', kind: 'value-form', ...rule }], ...more }), labels);

describe('value-form', () => {
  it.each([
    [['trim'], ' a ', 'a'],
    [['lowercase'], 'AÉ', 'aé'],
    [['uppercase'], 'straße', 'STRASSE'],
    [['nfc'], 'e\u0301', 'é'],
    [['trim', 'lowercase', 'nfc'], ' E\u0301 ', 'é'],
  ])('%j: %j becomes %j', (forms, value, expected) => {
    const [finding] = found({ key: 'k', forms, fix: 'set' }, { k: value, other: value });
    expect(finding?.changes).toEqual([{ change: 'set', key: 'k', value: expected }]);
    expect(found({ key: 'k', forms }, { k: expected })).toEqual([]);
  });
});
