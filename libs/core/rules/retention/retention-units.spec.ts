import { describe, expect, it } from 'vitest';
import {
  judgePointers,
  pointed,
  pointerContext,
  type GivenPointer,
} from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import type { UntaggedManifest } from '../../model/resource.js';
import { runPackTests } from '../../policy/run-pack-tests.js';
import { NOW, daysAgo, found, gone, missing, type More } from './retention.fixture.js';

/** `1a` and `1b` are names of digest 1, one day old; `2a` of digest 2, two days old… */
const at = (...names: string[]): GivenPointer[] =>
  names.map((name) => ({ name, digest: `sha256:${name[0] ?? ''}`, created: daysAgo(Number(name[0])) }));
const newest = (count: number, orderBy = 'created') => ({ keep: { any: [{ newest: count, orderBy }] } });

describe('retention of manifests', () => {
  const manifest = (rule: object) => ({ ...rule, unit: 'manifest' });

  it('ranks and counts digests', () => {
    const tags = at('1a', '1b', '1c', '2a', '2b', '3a', '3b');
    expect(gone(manifest(newest(2)), tags)).toEqual(['3a', '3b']);
    expect(gone(newest(2), tags)).toEqual(['2a', '2b', '3a', '3b']);
    expect(found(manifest(newest(2)), tags)[0]).toMatchObject({
      message: 'The tag "3a" is not among the newest 2 of 3 by created.',
      evidence: { unit: 'manifest', rank: 3, of: 3, siblings: ['3b'] },
    });
    expect(gone(manifest({ expire: { olderThan: '0d' }, floor: 1 }), tags)).toEqual(['2a', '2b', '3a', '3b']);
  });

  it('keeps a digest for one tag that is kept', () => {
    const rule = { keep: { any: [{ newest: 1, orderBy: 'created' }, { matching: { exact: '3b' } }] } };
    expect(gone(manifest(rule), at('1a', '2a', '3a', '3b'))).toEqual(['2a']);
    expect(gone(rule, at('1a', '2a', '3a', '3b'))).toEqual(['2a', '3a']);
  });

  it.each<[string, object, More]>([
    ['protected', {}, { pack: { protect: [{ tags: [{ exact: '2b' }] }] } }],
    ['outside `tags`', { tags: [{ glob: '?a' }] }, {}],
    ['outside the selector', { on: { tags: [{ glob: '?a' }] } }, {}],
  ])('keeps a digest with a tag that is %s, and gives it no place', (_what, rule, more) => {
    const tags = at('1a', '2a', '2b', '3a', '4a');
    expect(gone({ ...manifest(newest(2)), ...rule }, tags, more)).toEqual(['4a']);
  });

  it('keeps a digest that a signature is a name of', () => {
    const signature = { name: `sha256-${'a'.repeat(64)}`, digest: 'sha256:2' };
    expect(gone(manifest({ expire: { olderThan: '0d' } }), [...at('1a', '2a'), signature])).toEqual(['1a']);
  });

  it('keeps a digest for a tag without a date, or that is no version', () => {
    const tags = [...at('1a', '2a', '3a'), { name: 'dateless', digest: 'sha256:3' }];
    expect(gone(manifest(newest(1)), tags)).toEqual(['2a']);
    expect(missing(manifest(newest(1)), tags)).toEqual(['when it was created']);
    const versions = [
      { name: '1.0.0', digest: 'a' },
      { name: 'old', digest: 'a' },
      { name: '1.1.0', digest: 'b' },
      { name: '2.0.0', digest: 'c' },
    ];
    expect(gone(manifest(newest(1, 'semver')), versions)).toEqual(['1.1.0']);
  });

  it('keeps tags of which nobody knows where they point, and says so', () => {
    const tags = [...at('1a', '2a'), { name: 'nowhere', created: daysAgo(9) }];
    expect(gone(manifest(newest(1)), tags)).toEqual(['2a']);
    expect(missing(manifest(newest(1)), tags)).toEqual(['where the name points']);
  });

  it('goes by the latest date and the highest version of its names', () => {
    const pulled = [
      { name: 'a', digest: '1', pulledAt: daysAgo(1) },
      { name: 'b', digest: '1', pulledAt: daysAgo(90) },
      { name: 'c', digest: '2', pulledAt: daysAgo(30) },
    ];
    expect(gone(manifest(newest(1, 'pulled')), pulled)).toEqual(['c']);
    const versions = [
      { name: '1.0.0', digest: 'a' },
      { name: '3.0.0', digest: 'a' },
      { name: '2.0.0', digest: 'b' },
    ];
    expect(gone(manifest(newest(1, 'semver')), versions)).toEqual(['2.0.0']);
  });

  it('lets a digest of several groups go when all of them let it go', () => {
    const tags = [
      { name: '1.0.0', digest: 'a' },
      { name: '2.0.0', digest: 'a' },
      { name: '1.1.0', digest: 'b' },
      { name: '2.1.0', digest: 'c' },
    ];
    const rule = { ...manifest(newest(1, 'semver')), groupBy: 'major' };
    expect(gone(rule, tags)).toEqual(['1.0.0', '2.0.0']);
    expect(gone(rule, tags.slice(0, 3))).toEqual([]);
  });
});

describe('retention of manifests without a tag', () => {
  const untagged = (digest: string, days: number, heldBy: string[] = []): UntaggedManifest => ({
    digest,
    createdAt: daysAgo(days),
    pushedAt: null,
    bytes: null,
    heldBy,
  });
  const only = { untagged: 'only', expire: { olderThan: '7d', ageOf: 'created' }, fix: 'purge' };
  const old = { untagged: [untagged('u1', 9), untagged('u2', 8), untagged('u3', 1)] };
  const purged = (rule: object, tags: readonly GivenPointer[], more: More) =>
    found(rule, tags, more).flatMap(({ changes }) => changes);

  it('purges those that have expired, each by a finding of its own', () => {
    expect(found(only, at('9a'), old)).toMatchObject([
      {
        tag: null,
        value: null,
        discriminator: 'u1',
        message: 'The manifest u1, which has no tag, is older than 7 days (created 2025-12-23).',
        changes: [{ change: 'purge', digest: 'u1' }],
        evidence: { digest: 'u1', siblings: [] },
      },
      { tag: null, discriminator: 'u2', changes: [{ change: 'purge', digest: 'u2' }] },
    ]);
  });

  it('leaves them alone unless told otherwise', () => {
    expect(found({ ...only, untagged: 'exclude' }, at('9a'), old).map(({ tag }) => tag)).toEqual(['9a']);
    const { untagged: _, ...unsaid } = only;
    expect(found(unsaid, at('9a'), old).map(({ tag }) => tag)).toEqual(['9a']);
  });

  it('decides over both, in one ranking', () => {
    const both = { ...newest(2), untagged: 'include', fix: 'purge' };
    expect(purged(both, at('2a', '9a'), old)).toEqual([
      { change: 'purge', digest: 'u1' },
      { change: 'purge', digest: 'u2' },
      { change: 'untag', name: '9a', digest: 'sha256:9' },
    ]);
    expect(purged({ ...both, unit: 'manifest' }, at('2a', '9a'), old)).toHaveLength(3);
  });

  it('has no fix for them in `untag`', () => {
    expect(found({ ...only, fix: 'untag' }, [], old)).toMatchObject([
      { fixable: false, changes: [] },
      { fixable: false, changes: [] },
    ]);
  });

  it.each([
    ['a tag that is kept', 'sha256:1'],
    ['a tag that goes: the index before what it lists', 'sha256:9'],
    ['another manifest without a tag', 'u1'],
    ['something nobody has seen', 'sha256:unseen'],
  ])('keeps what is held by %s', (_what, holder) => {
    const rule = { ...only, untagged: 'include' };
    const more = { untagged: [untagged('u1', 9), untagged('held', 9, [holder])] };
    expect(purged(rule, at('1a', '9a'), more)).toEqual([
      { change: 'purge', digest: 'u1' },
      { change: 'untag', name: '9a', digest: 'sha256:9' },
    ]);
  });

  it('keeps what has a tag after all', () => {
    expect(purged(only, at('9a'), { untagged: [untagged('sha256:9', 9)] })).toEqual([]);
  });

  it('keeps what a protector of the whole repository covers', () => {
    const protect = { pack: { protect: [{ resources: [{ exact: 'acme/app' }] }] } };
    expect(found(only, [], { ...old, ...protect })).toEqual([]);
  });

  it('keeps those whose date is not known: a registry says neither pulls nor names of them', () => {
    const byPull = { ...only, expire: { olderThan: '7d', ageOf: 'pulled' } };
    expect(purged(byPull, [], old)).toEqual([]);
    expect(missing(byPull, [], old)).toEqual(['when it was last pulled']);
    expect(missing({ ...newest(1, 'name'), untagged: 'only' }, [], old)).toEqual(['a name to order it by']);
    const pushed = { untagged: [{ ...untagged('p', 1), pushedAt: daysAgo(9) }] };
    expect(purged({ ...only, expire: { olderThan: '7d', ageOf: 'pushed' } }, [], pushed)).toHaveLength(1);
  });

  it('is not evaluated where nobody has looked for them; tags are', () => {
    expect(missing(only, at('9a'))).toEqual(['which manifests have no tag']);
    expect(missing({ ...only, untagged: 'include' }, at('9a'))).toEqual(['which manifests have no tag']);
    expect(gone({ ...only, untagged: 'include' }, at('9a'))).toEqual(['9a']);
    expect(missing(only, at('9a'), { untagged: [] })).toEqual([]);
  });
});

describe('retention by several rules', () => {
  const rule = (id: string, more: object) => ({
    id,
    kind: 'retention',
    expire: { olderThan: '0d' },
    ...more,
  });
  const owned = (rules: object[], tags = at('1a', '2a'), more: More = {}) =>
    judgePointers(packOf({ pack: 'p', rules }), tags, { platform: 'registry', ...more }).map(
      ({ ruleId, tag, discriminator }) => `${ruleId} ${tag ?? discriminator}`,
    );
  const a = { tags: [{ exact: '1a' }] };

  it('leaves to the first that claims it what it decides over, kept or not', () => {
    const keeper = rule('keeper', {
      ...a,
      keep: { any: [{ matching: { exact: '1a' } }] },
      priority: 1,
      claims: true,
    });
    expect(owned([rule('rest', { priority: 2 }), keeper])).toEqual(['rest 2a']);
    expect(
      owned([rule('rest', { priority: 2 }), rule('first', { ...a, priority: 1, claims: true })]),
    ).toEqual(['first 1a', 'rest 2a']);
  });

  it.each<[string, object, object]>([
    ['does not claim', { priority: 1 }, { priority: 2 }],
    ['decides later', { priority: 3, claims: true }, { priority: 2 }],
    ['has no priority', { claims: true }, { priority: 2 }],
    ['decides over another platform', { priority: 1, claims: true, on: { platforms: ['git'] } }, {}],
    ['decides over another target', { priority: 1, claims: true, on: { targets: ['other'] } }, {}],
    [
      'decides over another repository',
      { priority: 1, claims: true, on: { resources: [{ exact: 'x' }] } },
      {},
    ],
    ['decides over other types', { priority: 1, claims: true, on: { resourceTypes: ['image'] } }, {}],
    ['decides over other tags', { priority: 1, claims: true, on: { tags: [{ exact: '2a' }] } }, {}],
    ['decides over manifests without a tag', { priority: 1, claims: true, untagged: 'only' }, {}],
  ])('leaves nothing to a rule that %s', (_what, first, second) => {
    expect(owned([rule('first', { ...a, ...first }), rule('second', second)])).toContain('second 1a');
  });

  it('goes by the order of writing among equals', () => {
    const both = { claims: true };
    for (const priority of [{}, { priority: 1 }]) {
      const rules = [rule('z', { ...a, ...both, ...priority }), rule('b', { ...both, ...priority })];
      expect(owned(rules)).toEqual(['b 2a', 'z 1a']);
      expect(owned([...rules].reverse())).toEqual(['b 1a', 'b 2a']);
    }
  });

  it('is no matter of another pack', () => {
    const packs = ['p', 'q'].map((pack) => packOf({ pack, rules: [rule(pack, { claims: true })] }));
    const { findings } = policyOf(...packs).evaluate(
      [pointed('x', at('1a'))],
      pointerContext('registry', NOW),
    );
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['p', 'q']);
  });

  it('gives what is owned no place in a ranking, and keeps its manifest', () => {
    const first = rule('first', { ...a, keep: { any: [{ newest: 9 }] }, priority: 1, claims: true });
    const rest = { id: 'rest', kind: 'retention', ...newest(1), priority: 2 };
    expect(owned([first, rest], at('1a', '2a', '3a'))).toEqual(['rest 3a']);
    expect(owned([first, { ...rest, unit: 'manifest' }], at('1a', '1b', '2a', '3a'))).toEqual(['rest 3a']);
  });

  it('claims manifests without a tag when it decides over them', () => {
    const manifest = { digest: 'u', createdAt: daysAgo(9), pushedAt: null, bytes: null, heldBy: [] };
    const more = { untagged: [manifest] };
    const second = rule('second', { untagged: 'only' });
    const claiming = (which: string) => rule('first', { priority: 1, claims: true, untagged: which });
    expect(owned([claiming('only'), second], [], more)).toEqual(['first u']);
    expect(owned([claiming('exclude'), second], [], more)).toEqual(['second u']);
  });

  it('leaves to a rule what it owns though a scan runs the other one alone', () => {
    const rules = [rule('first', { ...a, priority: 1, claims: true }), rule('rest', {})];
    const tests = [
      {
        given: {
          platform: 'registry',
          tags: [
            { name: '1a', created: '2025-01-01' },
            { name: '2a', created: '2025-01-01' },
          ],
        },
        only: ['rest'],
        expect: [{ rule: 'rest', tag: '2a' }],
      },
    ];
    expect(runPackTests(packOf({ pack: 'p', rules, tests }), NOW)).toEqual([]);
  });
});
