import { describe, expect, it } from 'vitest';
import { judgePointers, type GivenPointer } from '../../../testing/pointer-builders.js';
import { packOf } from '../../../testing/policy-builders.js';
import type { Platform } from '../../model/platform.js';
import { parseRulePack } from '../../policy/parse-rule-pack.js';

const written = (rule: object, more: object = {}) => ({
  pack: 'p',
  rules: [{ id: 'r', kind: 'name-pattern', ...rule }],
  ...more,
});
const found = (rule: object, tags: readonly GivenPointer[], platform: Platform = 'git') =>
  judgePointers(packOf(written(rule)), tags, { platform });
const faults = (rule: object) =>
  parseRulePack(JSON.stringify(written(rule))).diagnostics.map(
    ({ path, message }) => `${path ?? ''}: ${message}`,
  );

const MUST = { must: { re2: 'v\\d+\\.\\d+\\.\\d+' } };
const alias = (from: string, to: string) => ({ fix: { alias: { from: { re2: from }, to } } });
const REL = alias('rel[-_](?P<v>\\d+\\.\\d+\\.\\d+)', 'v${v}');

describe('name-pattern', () => {
  it('finds names that must match and do not, and those that must not and do', () => {
    const rule = { ...MUST, mustNot: { prefix: 'v0.' }, except: [{ exact: 'v0.0.1' }, { prefix: 'docs-' }] };
    expect(
      found(rule, ['v1.2.3', 'wip', 'v0.1.0', 'v0.0.1', 'docs-1']).map(({ message }) => message),
    ).toEqual([
      'The name "v0.1.0" matches prefix "v0.", which names must not.',
      'The name "wip" does not match re2 "v\\\\d+\\\\.\\\\d+\\\\.\\\\d+", which names must.',
    ]);
    expect(found({ mustNot: { glob: 'tmp*' } }, ['tmp', 'tmp-1', 'temp']).map(({ tag }) => tag)).toEqual([
      'tmp',
      'tmp-1',
    ]);
  });

  it('untags what is wrong when told to', () => {
    expect(found({ mustNot: { exact: 'tmp' }, fix: 'untag' }, [{ name: 'tmp', digest: 'a' }])).toMatchObject([
      { fixable: true, changes: [{ change: 'untag', name: 'tmp', digest: 'a' }] },
    ]);
  });

  it('creates the right name at the same object, and only reports what `from` does not match', () => {
    const findings = found({ ...MUST, ...REL }, [
      { name: 'rel-1.2.3', digest: 'a' },
      { name: 'wip', digest: 'b' },
    ]);
    expect(findings).toMatchObject([
      {
        tag: 'rel-1.2.3',
        suggestion: 'Create the name "v1.2.3" where "rel-1.2.3" points.',
        changes: [{ change: 'alias', from: 'rel-1.2.3', to: 'v1.2.3', digest: 'a' }],
      },
      { tag: 'wip', fixable: false, changes: [] },
    ]);
  });

  it.each<[string, object, Platform, string]>([
    ['breaks the rule itself', alias('rel-(?P<v>.*)', 'x${v}'), 'git', 'rel-1'],
    [
      'is only an exception of the rule',
      { ...alias('rel-(?P<v>.*)', 'x${v}'), except: [{ prefix: 'x' }] },
      'git',
      'rel-1',
    ],
    [
      'may not stand on the platform',
      { must: { re2: 'v/.*' }, ...alias('rel-(?P<v>.*)', 'v/${v}') },
      'registry',
      'rel-1',
    ],
    ['is no ref', { must: { prefix: 'v' }, ...alias('rel-(?P<v>.*)', 'v${v}.lock') }, 'git', 'rel-1'],
  ])('only reports a name whose right name %s', (_what, rule, platform, name) => {
    expect(found({ ...MUST, ...rule }, [{ name, digest: 'a' }], platform)).toMatchObject([
      { tag: name, fixable: false, changes: [] },
    ]);
  });

  it('is closed once both names lead to one object', () => {
    const rule = { ...MUST, ...REL };
    expect(
      found(rule, [
        { name: 'rel-1.2.3', digest: 'a' },
        { name: 'v1.2.3', digest: 'a' },
      ]),
    ).toEqual([]);
    const annotated = { name: 'v1.2.3', digest: 'object', peeled: 'a', annotated: true };
    expect(found(rule, [{ name: 'rel-1.2.3', digest: 'a', peeled: 'a' }, annotated])).toEqual([]);
    // Without the alias both names are not right yet.
    expect(
      found(MUST, [
        { name: 'rel-1.2.3', digest: 'a' },
        { name: 'v1.2.3', digest: 'a' },
      ]),
    ).toHaveLength(1);
  });

  it('moves no name: a right name that stands elsewhere blocks the fix, and both are named', () => {
    const [finding] = found({ ...MUST, ...REL }, [
      { name: 'rel-1.2.3', digest: 'a' },
      { name: 'v1.2.3', digest: 'b' },
    ]);
    expect(finding).toMatchObject({ blocked: true, changes: [] });
    expect(finding?.evidence.blockedBy).toEqual([
      {
        code: 'VALUE_CONFLICT',
        message: '"rel-1.2.3" and "v1.2.3" are both there and point at different objects; no name is moved.',
        references: ['v1.2.3'],
      },
    ]);
  });

  it('changes nothing while it is not known where names point', () => {
    const rule = { ...MUST, ...REL };
    const why = (tags: GivenPointer[]) => found(rule, tags).map(({ evidence }) => evidence.blockedBy);
    expect(why(['rel-1.2.3'])).toMatchObject([[{ code: 'OBJECT_UNKNOWN', references: [] }]]);
    expect(why(['rel-1.2.3', 'v1.2.3'])).toMatchObject([
      [{ code: 'OBJECT_UNKNOWN', references: ['v1.2.3'] }],
    ]);
    expect(why([{ name: 'rel-1.2.3', digest: 'a' }, 'v1.2.3'])).toMatchObject([[{ code: 'OBJECT_UNKNOWN' }]]);
  });

  it('leaves two names apart that would become one at two objects', () => {
    const findings = found({ ...MUST, ...REL }, [
      { name: 'rel-1.2.3', digest: 'a' },
      { name: 'rel_1.2.3', digest: 'b' },
    ]);
    expect(findings.map(({ tag, blocked, ruleId }) => [ruleId, tag, blocked])).toEqual([
      ['r', 'rel-1.2.3', true],
      ['r', 'rel_1.2.3', true],
      ['rule-conflict', 'v1.2.3', false],
    ]);
    const same = found({ ...MUST, ...REL }, [
      { name: 'rel-1.2.3', digest: 'a' },
      { name: 'rel_1.2.3', digest: 'a' },
    ]);
    expect(same.map(({ blocked }) => blocked)).toEqual([false, false]);
  });

  it('refuses a template that it cannot fill, at its place', () => {
    expect(faults({ ...MUST, ...alias('rel-(?P<v>.*)', 'v${version}') })).toEqual([
      'rules.0.fix.alias.to: `from` has no group "version"; it has the groups v.',
    ]);
    expect(faults({ ...MUST, ...alias('rel-(.*)', 'v${1}') })).toEqual([
      'rules.0.fix.alias.to: `from` has no group "1"; it has no named groups.',
    ]);
    expect(faults({ ...MUST, ...alias('rel-(?P<v>.*)', 'v${v') })).toEqual([
      'rules.0.fix.alias.to: A "${" of this name is not closed; write it as ${group}.',
    ]);
    expect(faults({ ...MUST, fix: { alias: { from: { re2: '(?=a)' }, to: 'a' } } })[0]).toMatch(
      /^rules\.0\.fix\.alias\.from\.re2: RE2 refuses/,
    );
    expect(faults({ ...MUST, fix: 'alias' })).toHaveLength(2);
  });

  it('refuses a rule that asks for nothing', () => {
    expect(faults({ except: [{ exact: 'a' }] })).toEqual([
      'rules.0: This rule says neither what names must match nor what they must not; give `must` or `mustNot`.',
    ]);
  });
});
