import fc from 'fast-check';
import { parse } from 'semver';
import { describe, expect, it } from 'vitest';
import { majorOf, minorOf, parseCalver, parseSemver, parseVersion } from './version.js';

const brief = (name: string): string => {
  const version = parseVersion(name);
  if (version === null) return 'none';
  const { scheme, prefix, numbers, prerelease, build } = version;
  return [scheme, prefix, numbers.join('.'), prerelease.join('.'), build ?? ''].join('|');
};

describe('versions as tags write them', () => {
  it.each([
    ['1.2.3', 'semver||1.2.3||'],
    ['v1.2.3', 'semver|v|1.2.3||'],
    ['V1.2.3-rc.1+sha.0a', 'semver|V|1.2.3|rc.1|sha.0a'],
    ['1.0.0--.-', 'semver||1.0.0|-.-|'],
    ['2024.1.15', 'semver||2024.1.15||'],
    ['2024.01.15', 'calver||2024.1.15||'],
    ['2024-01-15', 'calver||2024.1.15||'],
    ['v24.04', 'calver|v|24.4||'],
    ['24.04.2-beta.1', 'calver||24.4.2|beta.1|'],
    ['2024.01.15.2', 'calver||2024.1.15.2||'],
    ['2024.13', 'loose||2024.13||'],
    ['1999.01', 'loose||1999.1||'],
    ['2100.01', 'loose||2100.1||'],
    ['2024', 'loose||2024||'],
    ['1', 'loose||1||'],
    ['1.2', 'loose||1.2||'],
    ['v1.2.3.4', 'loose|v|1.2.3.4||'],
    ['1.02.3', 'loose||1.2.3||'],
    ['01.2.3', 'calver||1.2.3||'],
    ['1.2.3-01', 'loose||1.2.3|1|'],
    ['3.20-alpine', 'loose||3.20|alpine|'],
    ['1.2+build.5', 'loose||1.2||build.5'],
    ['latest', 'none'],
    ['', 'none'],
    ['v', 'none'],
    ['vv1.2.3', 'none'],
    ['=1.2.3', 'none'],
    [' 1.2.3', 'none'],
    ['1.2.3\n', 'none'],
    ['1.2.3-', 'none'],
    ['1.2.3-a..b', 'none'],
    ['1.2.3+', 'none'],
    ['1.2.3+a..b', 'none'],
    ['1..3', 'none'],
    ['1.2.3_1', 'none'],
    ['1.2.٣', 'none'],
    ['release-1.2.3', 'none'],
    ['9007199254740992.0.0', 'none'],
  ])('%s', (name, expected) => {
    expect(brief(name)).toBe(expected);
  });

  it('keeps digits of a prerelease that no safe integer holds', () => {
    expect(parseSemver('1.0.0-20240101123456789012')?.prerelease).toEqual(['20240101123456789012']);
    expect(parseSemver('1.0.0-9007199254740991')?.prerelease).toEqual([9007199254740991]);
  });

  it('says the groups of a version', () => {
    const of = (name: string) => {
      const version = parseVersion(name);
      return version && [majorOf(version), minorOf(version)];
    };
    expect(of('v1.2.3')).toEqual(['1', '1.2']);
    expect(of('7')).toEqual(['7', '7.0']);
    expect(of('24.04')).toEqual(['24', '24.4']);
  });

  it('agrees with the semver package on what is strict SemVer', () => {
    const part = fc.constantFrom('0', '1', '01', '10', 'rc', 'x-1', '-', '', '0a', '00', '9007199254740990');
    const joined = (max: number) =>
      fc.array(part, { minLength: 1, maxLength: max }).map((all) => all.join('.'));
    const name = fc
      .tuple(fc.constantFrom('', 'v', 'V', '='), joined(4), fc.option(joined(3)), fc.option(joined(3)))
      .map(
        ([v, core, pre, build]) =>
          `${v}${core}${pre === null ? '' : `-${pre}`}${build === null ? '' : `+${build}`}`,
      );
    fc.assert(
      fc.property(name, (written) => {
        // The package takes `=` too, no capital V, and digits beyond a safe integer as a word.
        const plain = written.replace(/^[vV]/, '');
        const theirs = plain.startsWith('=') ? null : parse(plain);
        const ours = parseSemver(written);
        expect(ours === null).toBe(theirs === null);
        if (ours === null || theirs === null) return;
        expect(ours.numbers).toEqual([theirs.major, theirs.minor, theirs.patch]);
        expect(ours.prerelease).toEqual([...theirs.prerelease]);
        expect(ours.build).toBe(theirs.build.length === 0 ? null : theirs.build.join('.'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes every day from 2000 to 2099, padded or not, with dots or dashes', () => {
    const two = (part: number): string => String(part).padStart(2, '0');
    fc.assert(
      fc.property(
        fc.integer({ min: 2000, max: 2099 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom('.', '-'),
        (year, month, day, dot) => {
          for (const parts of [
            [`${year}`, two(month), two(day)],
            [two(year % 100), `${month}`, `${day}`],
          ]) {
            expect(parseCalver(parts.join(dot))?.numbers).toEqual(parts.map(Number));
          }
        },
      ),
    );
  });

  it('reads any text, a hostile one too, at once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseVersion(text)?.numbers.length).not.toBe(0);
      }),
    );
    const started = performance.now();
    for (const piece of ['1.', '1-', '-1', '0', '9', '1.1-', '2024-1-']) {
      parseVersion(`2024.1${piece.repeat(50_000)}_`);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
