import { describe, expect, it } from 'vitest';
import { judgePointers, type GivenPointer } from '../../../testing/pointer-builders.js';
import { packOf } from '../../../testing/policy-builders.js';

const found = (
  tags: readonly GivenPointer[],
  { others = [], ...rule }: { others?: object[] } & Record<string, unknown> = {},
) =>
  judgePointers(
    packOf({ pack: 'p', rules: [{ id: 'r', kind: 'duplicate-version', fix: 'untag', ...rule }, ...others] }),
    tags,
  ).filter(({ ruleId }) => ruleId === 'r');
const brief = (...args: Parameters<typeof found>) =>
  found(...args).map(
    ({ tag, changes, blocked }) =>
      `${tag ?? ''}${changes.length > 0 ? ' untag' : ''}${blocked ? ' blocked' : ''}`,
  );
const at = (digest: string, ...names: string[]) => names.map((name) => ({ name, digest }));
const form = (prefix: string, on: object = {}) => ({
  id: 'f',
  kind: 'version-form',
  scheme: 'semver',
  prefix,
  on,
});

describe('duplicate-version', () => {
  it('untags the redundant name, and keeps the one with a v', () => {
    expect(brief(at('a', '1.2.3', 'v1.2.3', 'V1.2.3'))).toEqual(['1.2.3 untag', 'V1.2.3 untag']);
    expect(brief(at('a', '1.2', 'v1.2'))).toEqual(['1.2 untag']);
    expect(found(at('a', '1.2.3', 'v1.2.3'), { fix: undefined })).toMatchObject([{ fixable: false }]);
  });

  it('keeps the name that the version-form of the pack wants, where that rule has a say', () => {
    const twins = at('a', '1.2.3', 'v1.2.3');
    expect(brief(twins, { others: [form('none')] })).toEqual(['v1.2.3 untag']);
    expect(brief(twins, { others: [form('v')] })).toEqual(['1.2.3 untag']);
    expect(brief(twins, { others: [form('any')] })).toEqual(['1.2.3 untag']);
    for (const on of [
      { platforms: ['registry'] },
      { resources: [{ exact: 'other' }] },
      { tags: [{ prefix: 'x' }] },
      { targets: ['y'] },
    ])
      expect(brief(twins, { others: [form('none', on)] })).toEqual(['1.2.3 untag']);
  });

  it('is no duplicate: another version, another group, another name for it', () => {
    expect(
      brief(at('a', 'v1.2', '1.2.0', 'v1', 'latest', 'vlatest', 'vv1.2', '1.2.0-rc', 'v1.2.0-RC')),
    ).toEqual([]);
    expect(brief(at('a', 'ui/v1.2.3', 'api/1.2.3', '1.2.3', '@acme/ui@v1.2.3'))).toEqual([]);
  });

  it('finds duplicates within each group', () => {
    expect(
      brief(at('a', 'ui/v1.2.3', 'ui/1.2.3', '@acme/ui@v1.0.0', '@acme/ui@1.0.0', 'app:v2', 'app:2')),
    ).toEqual(['@acme/ui@1.0.0 untag', 'app:2 untag', 'ui/1.2.3 untag']);
    const group = { re2: '(?P<group>[a-z]+-)(?P<version>.+)' };
    expect(brief(at('a', 'ui-v1', 'ui-1', 'v1'), { group })).toEqual(['ui-1 untag']);
  });

  it('only reports two objects, in words of its own', () => {
    expect(found([...at('a', '1.2.3'), ...at('b', 'v1.2.3')])).toMatchObject([
      {
        tag: '1.2.3',
        fixable: false,
        changes: [],
        message:
          '"1.2.3" and "v1.2.3" are one version, and point at different objects: whoever asks for it gets one or the other.',
        evidence: { object: 'different', digest: 'a', twin: 'v1.2.3', twinDigest: 'b' },
      },
    ]);
  });

  it('changes nothing where it is not known where a name points', () => {
    expect(brief(['1.2.3', 'v1.2.3'])).toEqual(['1.2.3 blocked']);
    expect(brief(['1.2.3', ...at('a', 'v1.2.3')])).toEqual(['1.2.3 blocked']);
    expect(found(['1.2.3', 'v1.2.3'], { fix: undefined })).toMatchObject([
      { fixable: false, blocked: false },
    ]);
  });

  it('gives no tag object away: a lightweight name is redundant beside an annotated one, not the other way round', () => {
    const annotated = (name: string, digest = 'object') => ({
      name,
      digest,
      peeled: 'commit',
      annotated: true,
    });
    const lightweight = (name: string) => ({ name, digest: 'commit', peeled: 'commit', annotated: false });
    expect(brief([lightweight('1.2.3'), annotated('v1.2.3')])).toEqual(['1.2.3 untag']);
    expect(brief([annotated('1.2.3'), annotated('v1.2.3')])).toEqual(['1.2.3 untag']);
    expect(brief([annotated('1.2.3'), lightweight('v1.2.3')])).toEqual(['1.2.3']);
    expect(found([annotated('1.2.3', 'other'), annotated('v1.2.3')])).toMatchObject([
      {
        fixable: false,
        message:
          '"1.2.3" and "v1.2.3" are one version of one commit; "1.2.3" is a tag object of its own, which would be lost with its name.',
      },
    ]);
  });

  it('judges only names that its selector lets through', () => {
    expect(brief(at('a', '1.2.3', 'v1.2.3'), { on: { tags: [{ prefix: 'v' }] } })).toEqual([]);
  });
});
