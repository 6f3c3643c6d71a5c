import { describe, expect, it } from 'vitest';
import { judgePointers, type GivenPointer } from '../../../testing/pointer-builders.js';
import { packOf } from '../../../testing/policy-builders.js';
import { parseRulePack } from '../../policy/parse-rule-pack.js';

const written = (rule: object) => ({ pack: 'p', rules: [{ id: 'r', kind: 'version-form', ...rule }] });
const found = (rule: object, tags: readonly GivenPointer[]) => judgePointers(packOf(written(rule)), tags);
const faults = (rule: object) =>
  parseRulePack(JSON.stringify(written(rule))).diagnostics.map(
    ({ path, message }) => `${path ?? ''}: ${message}`,
  );

const SEMVER = { scheme: 'semver', prefix: 'v' };

describe('version-form', () => {
  it('says what is no version, and what is one in all but its prefix', () => {
    const findings = found(SEMVER, [{ name: '1.2.3', digest: 'a' }, 'wip', 'v1.0.0']);
    expect(findings.map(({ message, fixable }) => [message, fixable])).toEqual([
      ['The version in "1.2.3" has the wrong prefix; the right name is "v1.2.3".', false],
      ['The name "wip" is no SemVer version with a v.', false],
    ]);
  });

  it('creates the right name where only the prefix is wrong', () => {
    expect(
      found({ ...SEMVER, fix: 'alias' }, [
        { name: '1.2.3', digest: 'a' },
        { name: 'wip', digest: 'b' },
      ]),
    ).toMatchObject([
      { tag: '1.2.3', changes: [{ change: 'alias', from: '1.2.3', to: 'v1.2.3', digest: 'a' }] },
      { tag: 'wip', fixable: false, changes: [] },
    ]);
  });

  it('is closed once both names stand at one known object', () => {
    const rule = { ...SEMVER, fix: 'alias' };
    const both = (a: string | undefined, b: string | undefined) =>
      found(rule, [
        { name: '1.2.3', ...(a === undefined ? {} : { digest: a }) },
        { name: 'v1.2.3', ...(b === undefined ? {} : { digest: b }) },
      ]).map(({ blocked }) => blocked);
    expect(both('a', 'a')).toEqual([]);
    expect(both('a', 'b')).toEqual([true]);
    expect(both('a', undefined)).toEqual([true]);
    expect(both(undefined, undefined)).toEqual([true]);
  });

  it('only reports where the right name may not stand', () => {
    const rule = { scheme: { re2: '\\d+\\.lock' }, prefix: 'v', fix: 'alias' };
    expect(found(rule, [{ name: '1.lock', digest: 'a' }])).toMatchObject([{ fixable: false }]);
  });

  it('refuses what it cannot go by', () => {
    expect(faults({ scheme: 'semvr' })).toEqual([
      'rules.0.scheme: "scheme" is semver, calver, or a pattern: { re2: … }. Did you mean "semver"?',
    ]);
    expect(faults({})).toEqual(['rules.0.scheme: "scheme" is semver, calver, or a pattern: { re2: … }.']);
    expect(faults({ scheme: { re2: '(' } })[0]).toMatch(/^rules\.0\.scheme\.re2: RE2 refuses/);
    expect(faults({ scheme: { glob: '*' } })[0]).toMatch(/^rules\.0\.scheme/);
    expect(faults({ ...SEMVER, group: { re2: '(?P<group>.*)/(.*)' } })).toEqual([
      'rules.0.group.re2: This pattern has no group named "version": write that part of it as (?P<version>…).',
    ]);
    expect(faults({ scheme: 'semver', fix: 'alias' })[0]).toMatch(
      /^rules\.0\.fix: The alias puts the right prefix/,
    );
  });
});
