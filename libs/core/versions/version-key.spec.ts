import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, parseCalver, parseSemver, parseVersion, type Version } from './version.js';
import { versionKey } from './version-key.js';

const number = fc.oneof(fc.nat({ max: 12 }), fc.constantFrom(0, 1, 9, 10, 99, 100, 9_007_199_254_740_991));
const identifier = fc.oneof(
  fc.nat({ max: 120 }).map(String),
  fc.constantFrom('rc', 'rc1', 'RC', 'alpha', 'alpha-1', 'a', 'b', '-', '123456789012345678901'),
);
const written = fc
  .tuple(
    fc.array(number, { minLength: 1, maxLength: 4 }),
    fc.array(identifier, { maxLength: 3 }),
    fc.constantFrom('', '+build'),
  )
  .map(
    ([numbers, words, build]) =>
      `${numbers.join('.')}${words.length > 0 ? `-${words.join('.')}` : ''}${build}`,
  );
const version = fc.oneof(
  written.map(parseVersion),
  written.map(parseSemver),
  fc.constantFrom('24.04', '2024.4.1', '24-04-01', '2024.04-rc1').map(parseCalver),
);

describe('the key of a version', () => {
  it('orders as versions are ordered, and is the same for equals', () => {
    let compared = 0;
    fc.assert(
      fc.property(version, version, (a, b) => {
        if (a === null || b === null) return;
        compared += 1;
        const order = (one: Version, other: Version): number => {
          const [left, right] = [versionKey(one), versionKey(other)];
          return left < right ? -1 : left > right ? 1 : 0;
        };
        expect(order(a, b)).toBe(Math.sign(compareVersions(a, b)) + 0);
      }),
      { numRuns: 5_000 },
    );
    expect(compared).toBeGreaterThan(1_000);
  });
});
