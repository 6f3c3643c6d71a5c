import { describe, expect, it } from 'vitest';
import { compileForm, splitter, type VersionForm } from './version-names.js';

const read = (form: VersionForm, name: string): string => {
  const reading = compileForm(form)(name);
  return reading.form === 'prefix' ? `-> ${reading.right}` : reading.form;
};
const PACKAGES = '(?P<group>.*[/@])?(?P<version>[^/@]+)';

describe('names by the form of versions', () => {
  it.each<[VersionForm, string, string]>([
    [{ scheme: 'semver', prefix: 'v' }, 'v1.2.3', 'right'],
    [{ scheme: 'semver', prefix: 'v' }, '1.2.3', '-> v1.2.3'],
    [{ scheme: 'semver', prefix: 'v' }, 'V1.2.3-rc.1', '-> v1.2.3-rc.1'],
    [{ scheme: 'semver', prefix: 'v' }, 'vv1.2.3', 'none'],
    [{ scheme: 'semver', prefix: 'v' }, 'v1.2', 'none'],
    [{ scheme: 'semver', prefix: 'none' }, 'v1.2.3', '-> 1.2.3'],
    [{ scheme: 'semver', prefix: 'none' }, '1.2.3', 'right'],
    [{ scheme: 'semver', prefix: 'any' }, 'V1.2.3', 'right'],
    [{ scheme: 'semver' }, '1.2.3', 'right'],
    [{ scheme: 'semver' }, 'vv1.2.3', 'none'],
    [{ scheme: 'calver', prefix: 'none' }, 'v24.04', '-> 24.04'],
    [{ scheme: 'calver', prefix: 'v' }, '1.2.3', 'none'],
    [{ scheme: { re2: 'r(?P<n>\\d+)' } }, 'r12', 'right'],
    [{ scheme: { re2: 'r(?P<n>\\d+)' } }, 'vr12', 'right'],
    [{ scheme: { re2: 'r(?P<n>\\d+)' }, prefix: 'none' }, 'vr12', '-> r12'],
    [{ scheme: { re2: 'v(?P<n>\\d+)' } }, 'v12', 'right'],
    [{ scheme: { re2: 'r(?P<n>\\d+)' }, prefix: 'v' }, '12', 'none'],
    [{ scheme: 'semver', prefix: 'v', group: PACKAGES }, '@acme/ui@1.2.3', '-> @acme/ui@v1.2.3'],
    [{ scheme: 'semver', prefix: 'v', group: PACKAGES }, 'pkg/wip', 'none'],
    [
      { scheme: 'semver', prefix: 'v', group: '(?P<group>[a-z]+)-(?P<version>.+)-final' },
      'ui-1.2.3-final',
      '-> ui-v1.2.3-final',
    ],
    [{ scheme: 'semver', prefix: 'v', group: '(?P<group>[a-z]+)-(?P<version>.+)' }, '1.2.3', '-> v1.2.3'],
  ])('%j: %s is %s', (form, name, expected) => {
    expect(read(form, name)).toBe(expected);
  });

  it('takes a name apart and puts it together again', () => {
    const parts = splitter(PACKAGES)('💡/v1');
    expect([parts.group, parts.version, parts.with('2')]).toEqual(['💡/', 'v1', '💡/2']);
    const whole = splitter(undefined)('a/b');
    expect([whole.group, whole.version, whole.with('c')]).toEqual(['', 'a/b', 'c']);
  });
});
