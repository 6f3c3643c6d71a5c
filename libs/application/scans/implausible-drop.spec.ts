import { describe, expect, it } from 'vitest';
import { implausibleDropError, isImplausibleDrop } from './implausible-drop.js';

describe('isImplausibleDrop', () => {
  it.each([
    { before: 10_000, seen: 0, suspected: false, implausible: true },
    { before: 10_000, seen: 999, suspected: false, implausible: true },
    { before: 10_000, seen: 1_000, suspected: false, implausible: false },
    { before: 19, seen: 0, suspected: false, implausible: false },
    { before: 10_000, seen: 0, suspected: true, implausible: false },
    { before: 0, seen: 0, suspected: false, implausible: false },
  ])(
    '$before tags, now $seen, suspected before: $suspected -> $implausible',
    ({ implausible, ...counts }) => {
      expect(isImplausibleDrop(counts)).toBe(implausible);
    },
  );

  it('says the numbers and the way out', () => {
    const error = implausibleDropError(
      { scope: '1/eu-west-1', resourceType: 'volume' },
      { before: 400, seen: 0 },
    );

    expect(error).toMatchObject({ code: 'IMPLAUSIBLE_DROP', scope: '1/eu-west-1' });
    expect(error.message).toMatch(/volume in 1\/eu-west-1 had 400 tags and now shows 0.*Scan again/);
  });
});
