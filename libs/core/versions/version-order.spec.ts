import fc from 'fast-check';
import { compare } from 'semver';
import { describe, expect, it } from 'vitest';
import { compareVersions, parseSemver, parseVersion, type Version } from './version.js';

function read(name: string): Version {
  const version = parseVersion(name);
  if (version === null) throw new Error(`${name} is no version`);
  return version;
}
const order = (a: string, b: string): number => compareVersions(read(a), read(b));

const identifier = fc.oneof(
  fc.nat({ max: 12 }).map(String),
  fc.constantFrom(
    'a',
    'alpha',
    'B',
    'rc',
    '-',
    '1a',
    '20240101123456789012',
    '20240101123456789013',
    '123456789012345678',
  ),
);
const release = fc
  .array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 })
  .map((numbers) => numbers.join('.'));
const prerelease = fc
  .array(identifier, { maxLength: 3 })
  .map((parts) => (parts.length === 0 ? '' : `-${parts.join('.')}`));
const semver = fc.tuple(release, prerelease).map((parts) => parts.join(''));
const loose = fc
  .array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 })
  .map((numbers) => numbers.join('.'));
const anyVersion = fc.oneof(
  semver,
  fc.tuple(loose, prerelease).map((parts) => parts.join('')),
  fc.constantFrom('24.04', '2024-01-15'),
);

describe('the order of versions', () => {
  it("is the one of SemVer's own example", () => {
    const names =
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0'.split(
        ' ',
      );
    expect([...names].reverse().sort(order)).toEqual(names);
  });

  it.each([
    ['1.2', '1.2.0', 0],
    ['v1', '1.0.0.0', 0],
    ['1.2.3+a', '1.2.3+b', 0],
    ['1.2.9', '1.2.10', -1],
    ['1.2.3.1', '1.2.3', 1],
    ['24.04', '23.10.1', 1],
    ['1.0.0-20240101123456789012', '1.0.0-20240101123456789013', -1],
    ['1.0.0-99999999999999999999', '1.0.0-a', -1],
    ['1.0.0-9', '1.0.0-99999999999999999999', -1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(order(a, b)).toBe(expected);
    expect(order(b, a)).toBe(0 - expected);
  });

  it('is the order of the semver package', () => {
    // The package takes digits beyond a safe integer for a word; SemVer itself does not.
    const safe = semver.filter(
      (name) => parseSemver(name)?.prerelease.every((part) => !/^\d{16,}$/.test(`${part}`)) === true,
    );
    fc.assert(
      fc.property(safe, safe, (a, b) => {
        expect(order(a, b)).toBe(compare(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is an order: antisymmetric and transitive over all schemes', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
