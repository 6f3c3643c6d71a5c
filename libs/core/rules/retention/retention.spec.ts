import { describe, expect, it } from 'vitest';
import {
  judgePointers,
  pointed,
  pointerContext,
  type GivenPointer,
} from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import type { Resource } from '../../model/resource.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const packWith = (rule: object, more: object = {}) =>
  packOf({ pack: 'p', rules: [{ id: 'r', kind: 'retention', ...rule }], ...more });
const found = (
  rule: object,
  tags: readonly GivenPointer[],
  more: Partial<Resource> & { pack?: object } = {},
) => {
  const { pack, ...resource } = more;
  return judgePointers(packWith(rule, pack), tags, { platform: 'registry', ...resource });
};
const gone = (...of: Parameters<typeof found>) => found(...of).map(({ tag }) => tag);
const missing = (rule: object, tags: readonly GivenPointer[], more: Partial<Resource> = {}) =>
  policyOf(packWith(rule))
    .evaluate([pointed('acme/app', tags, more)], pointerContext('registry', NOW))
    .notEvaluated.map(({ needs }) => needs);

/** `a` is one day old, `b` two days… each at a digest of its own. */
const aged = (letters: string): GivenPointer[] =>
  [...letters].map((name, at) => ({ name, digest: `sha256:${name}`, created: daysAgo(at + 1) }));
const newest = (count: number, orderBy = 'created') => ({ newest: count, orderBy });
const keep = (...any: object[]) => ({ keep: { any } });
const keepAll = (...all: object[]) => ({ keep: { all } });

describe('retention: what to keep', () => {
  it('keeps the newest by a date', () => {
    expect(gone(keep(newest(2)), aged('abcd'))).toEqual(['c', 'd']);
  });

  it.each(['pushed', 'tagPushed', 'pulled', 'firstSeen'])('orders by %s', (orderBy) => {
    const tags = [3, 1, 2].map((days) => ({
      name: `d${days}`,
      digest: `${days}`,
      [`${orderBy}At`]: daysAgo(days),
    }));
    expect(gone(keep(newest(1, orderBy)), tags)).toEqual(['d2', 'd3']);
  });

  it('orders by activity: pushed or pulled, whichever came later', () => {
    const tags = [
      { name: 'pulled', pushedAt: daysAgo(90), pulledAt: daysAgo(1) },
      { name: 'pushed', pushedAt: daysAgo(5), pulledAt: daysAgo(4) },
      { name: 'idle', pushedAt: daysAgo(60), pulledAt: daysAgo(50) },
    ];
    expect(gone(keep(newest(2, 'active')), tags)).toEqual(['idle']);
  });

  it('orders by SemVer, prereleases before their release, and leaves names that are none', () => {
    const tags = ['1.9.0', 'v1.10.0', '1.10.0-rc.1', 'latest', '1.2'];
    expect(gone(keep(newest(1, 'semver')), tags)).toEqual(['1.10.0-rc.1', '1.9.0']);
  });

  it('orders by calendar version, and by name', () => {
    expect(gone(keep(newest(1, 'calver')), ['2024.01', '2024.11', '2024.2'])).toEqual(['2024.01', '2024.2']);
    expect(gone(keep(newest(1, 'name')), ['build-009', 'build-010', 'build-1'])).toEqual([
      'build-009',
      'build-010',
    ]);
  });

  it('never cuts between equals', () => {
    const tags = [
      ...aged('a'),
      { name: 'b', digest: 'b', created: daysAgo(9) },
      { name: 'c', digest: 'c', created: daysAgo(9) },
    ];
    expect(gone(keep(newest(2)), tags)).toEqual([]);
    expect(gone(keep(newest(1)), tags)).toEqual(['b', 'c']);
    expect(gone(keep(newest(1, 'semver')), ['1.0.0', 'v1.0.0', '0.9.0'])).toEqual(['0.9.0']);
  });

  it('keeps what is not older than an age, to the millisecond', () => {
    const at = (ms: number) => new Date(daysAgo(30).getTime() + ms);
    const tags = [
      { name: 'at', created: at(0) },
      { name: 'before', created: at(-1) },
      { name: 'ahead', created: daysAgo(-1) },
    ];
    expect(gone(keep({ newerThan: '30d', ageOf: 'created' }), tags)).toEqual(['before']);
    expect(gone({ expire: { olderThan: '30d', ageOf: 'created' } }, tags)).toEqual(['before']);
  });

  it('keeps names that match, by one matcher or any of a list', () => {
    const tags = aged('abc');
    expect(gone(keep({ matching: { exact: 'b' } }), tags)).toEqual(['a', 'c']);
    expect(gone(keep({ matching: [{ exact: 'b' }, { glob: '[c-z]' }] }), tags)).toEqual(['a']);
  });

  it('keeps for any reason, or only for all of them', () => {
    const clauses = [newest(1), { matching: { exact: 'c' } }, { newerThan: '2d', ageOf: 'created' }];
    expect(gone(keep(...clauses), aged('abcd'))).toEqual(['d']);
    expect(gone(keepAll(newest(3), { newerThan: '2d', ageOf: 'created' }), aged('abcd'))).toEqual(['c', 'd']);
  });

  it('nests, four deep', () => {
    const deep = {
      any: [{ all: [newest(2), { any: [{ all: [{ matching: { exact: 'b' } }, newest(9)] }] }] }],
    };
    expect(gone({ keep: { any: deep.any } }, aged('abc'))).toEqual(['a', 'c']);
  });

  it('takes created for the date where none is written', () => {
    expect(gone(keep({ newest: 1 }, { newerThan: '2d' }), aged('abc'))).toEqual(['c']);
    expect(gone({ expire: { olderThan: '2d' } }, aged('abc'))).toEqual(['c']);
  });
});

describe('retention: what expires', () => {
  it('lets go what has expired, and nothing else', () => {
    expect(gone({ expire: { olderThan: '2d', ageOf: 'created' } }, aged('abcd'))).toEqual(['c', 'd']);
  });

  it('lets what is kept win over what has expired', () => {
    const rule = { ...keep({ matching: { exact: 'd' } }), expire: { olderThan: '2d', ageOf: 'created' } };
    expect(gone(rule, aged('abcd'))).toEqual(['c']);
  });

  it('leaves the floor', () => {
    const expire = { expire: { olderThan: '0d', ageOf: 'created' } };
    expect(gone({ ...expire, floor: 3 }, aged('abcd'))).toEqual(['d']);
    expect(gone({ ...expire, floor: 9 }, aged('abcd'))).toEqual([]);
  });

  it('counts the floor by the first ordering, else the first date, else by creation, else by name', () => {
    const tags = [
      { name: '1.0.0', created: daysAgo(1), pushedAt: daysAgo(9) },
      { name: '3.0.0', created: daysAgo(5), pushedAt: daysAgo(7) },
      { name: '2.0.0', created: daysAgo(9), pushedAt: daysAgo(5) },
      { name: 'x', created: daysAgo(99), pushedAt: daysAgo(99) },
    ];
    const x = { matching: { exact: 'x' } };
    const all = (left: string) => ['1.0.0', '2.0.0', '3.0.0'].filter((name) => name !== left);
    expect(gone({ ...keep(x, newest(0, 'semver')), floor: 1 }, tags)).toEqual(all('3.0.0'));
    expect(gone({ ...keep(x), expire: { olderThan: '0d', ageOf: 'pushed' }, floor: 1 }, tags)).toEqual(
      all('2.0.0'),
    );
    expect(gone({ ...keep(x, { newerThan: '0d', ageOf: 'pushed' }), floor: 1 }, tags)).toEqual(all('2.0.0'));
    expect(gone({ ...keep(x), floor: 1 }, tags)).toEqual(all('1.0.0'));
    expect(gone({ ...keep(x), floor: 1 }, ['1.0.0', '2.0.0', 'x'])).toEqual(['1.0.0', '2.0.0']);
  });

  it('counts the floor on its own: what is kept besides lets no newer one go', () => {
    const expire = { expire: { olderThan: '0d', ageOf: 'created' }, floor: 1 };
    expect(gone({ ...expire, ...keep({ matching: { exact: 'd' } }) }, aged('abcd'))).toEqual(['b', 'c']);
  });
});

describe('retention: groups', () => {
  const tags = ['1.0.0', '1.1.0', '1.1.1', '2.0.0', '2.1.0', 'latest'];

  it('keeps per major, per minor, or per captured part of the name', () => {
    const rule = keep(newest(1, 'semver'));
    expect(gone({ ...rule, groupBy: 'major' }, tags)).toEqual(['1.0.0', '1.1.0', '2.0.0']);
    expect(gone({ ...rule, groupBy: 'minor' }, tags)).toEqual(['1.1.0']);
    expect(gone({ ...rule, groupBy: { re2: '(?P<group>\\d+)\\..*' } }, tags)).toEqual([
      '1.0.0',
      '1.1.0',
      '2.0.0',
    ]);
  });

  it('puts names that match no group into one of their own', () => {
    const dated = [...aged('ab'), { name: '1.x', digest: 'c', created: daysAgo(50) }];
    expect(gone({ ...keep(newest(1)), groupBy: { re2: '(?P<group>\\d+)\\..*' } }, dated)).toEqual(['b']);
  });

  it('reads the version from a group of that name', () => {
    const packages = ['a/v1.0.0', 'a/v1.1.0', 'b/v0.9.0', 'v3.0.0', 'v2.0.0'];
    const groupBy = { re2: '(?P<group>.*/)?(?P<version>[^/]+)' };
    expect(gone({ ...keep(newest(1, 'semver')), groupBy }, packages)).toEqual(['a/v1.0.0', 'v2.0.0']);
  });

  it('leaves the floor in each', () => {
    const expire = { expire: { olderThan: '0d', ageOf: 'created' } };
    const dated = tags.map((name, at) => ({ name, digest: name, created: daysAgo(at + 1) }));
    expect(gone({ ...expire, floor: 1, groupBy: 'major' }, dated)).toEqual(['1.1.0', '1.1.1', '2.1.0']);
  });
});

describe('retention: what it decides over', () => {
  it('leaves tags alone that its matchers or its selector do not name', () => {
    const rule = { ...keep(newest(1)), tags: [{ glob: '[b-d]' }] };
    expect(gone(rule, aged('abcd'))).toEqual(['c', 'd']);
    expect(gone({ ...rule, on: { tags: [{ exact: 'b' }, { exact: 'd' }] } }, aged('abcd'))).toEqual(['d']);
  });

  it('judges no protected tag, and gives it no place among the newest', () => {
    const protect = { pack: { protect: [{ tags: [{ exact: 'a' }] }] } };
    expect(gone(keep(newest(2)), aged('abcd'), protect)).toEqual(['d']);
    expect(gone({ expire: { olderThan: '0d' }, floor: 1 }, aged('abcd'), protect)).toEqual(['c', 'd']);
  });

  it('judges no tag of a signature', () => {
    const signature = `sha256-${'a'.repeat(64)}.sig`;
    expect(gone({ expire: { olderThan: '0d' } }, [{ name: signature, created: daysAgo(9) }])).toEqual([]);
  });

  it('finds nothing in a resource without tags', () => {
    expect(found(keep(newest(1)), [])).toEqual([]);
    expect(missing(keep(newest(1)), [])).toEqual([]);
  });
});

describe('retention: what is not known is kept, and said', () => {
  const created = 'when it was created';

  it('keeps a tag without the date that a clause goes by', () => {
    const tags: GivenPointer[] = [...aged('ab'), 'c'];
    expect(gone(keep(newest(1)), tags)).toEqual(['b']);
    expect(missing(keep(newest(1)), tags)).toEqual([created]);
    expect(gone({ expire: { olderThan: '0d' } }, tags)).toEqual(['a', 'b']);
    expect(missing({ expire: { olderThan: '0d' } }, tags)).toEqual([created]);
  });

  it('says nothing of a fact that changes nothing', () => {
    const rule = { ...keep({ matching: { exact: 'c' } }, newest(1, 'pushed')), expire: { olderThan: '2d' } };
    expect(
      missing(rule, [
        { name: 'c', created: daysAgo(9) },
        { name: 'a', created: daysAgo(1) },
      ]),
    ).toEqual([]);
  });

  it('keeps where one clause of `all` has no answer, though another would let it go', () => {
    const rule = keepAll(newest(1, 'pushed'), { newerThan: '1d', ageOf: 'created' });
    expect(gone(rule, aged('abc'))).toEqual([]);
    expect(missing(rule, aged('abc'))).toEqual(['when it was pushed']);
  });

  it('does not trust dates before 2013', () => {
    const tags = [...aged('a'), { name: 'epoch', digest: 'e', created: new Date(0) }];
    expect(gone(keep(newest(1)), tags)).toEqual([]);
    expect(missing(keep(newest(1)), tags)).toEqual([expect.stringContaining('2013')]);
  });

  /** `count` digests of one date, `others` of dates of their own. */
  const shared = (count: number, others: number): GivenPointer[] => [
    ...Array.from({ length: count }, (_, at) => ({ name: `s${at}`, digest: `s${at}`, created: daysAgo(50) })),
    ...Array.from({ length: others }, (_, at) => ({
      name: `o${at}`,
      digest: `o${at}`,
      created: daysAgo(60 + at),
    })),
  ];
  const expire = { expire: { olderThan: '30d', ageOf: 'created' } };

  it.each([
    [20, 19, 19],
    [20, 20, 40],
    [19, 0, 19],
    [20, 0, 0],
  ])('of %i digests with one date and %i others lets %i go', (count, others, expected) => {
    expect(gone(expire, shared(count, others))).toHaveLength(expected);
  });

  it('says that a date is shared', () => {
    expect(missing(expire, shared(20, 0))).toEqual([
      'the created date of each: most of them have the same one',
    ]);
  });

  it('counts digests, not names: many tags of one image share its date rightly', () => {
    const tags = shared(30, 0).map((tag) => (typeof tag === 'string' ? tag : { ...tag, digest: 'one' }));
    expect(gone(expire, tags)).toHaveLength(30);
  });

  it('counts protected tags too, so that protecting some makes no date trustworthy', () => {
    const protect = { pack: { protect: [{ tags: [{ exact: 's0' }] }] } };
    expect(gone(expire, shared(20, 0), protect)).toEqual([]);
  });

  it('names in the evidence what is no version, and says when nothing is one', () => {
    const rule = keep(newest(1, 'semver'));
    expect(found(rule, ['1.0.0', '2.0.0', 'latest', 'edge'])[0]?.evidence).toMatchObject({
      unplaced: { count: 2, examples: ['edge', 'latest'] },
    });
    expect(missing(rule, ['1.0.0', '2.0.0', 'latest'])).toEqual([]);
    expect(missing(rule, ['latest', 'edge'])).toEqual(['a name that is a version']);
  });
});

describe('retention: a pattern that matches nothing', () => {
  const rule = { ...keep({ matching: { glob: '*-lts' } }, newest(1)), severity: 'high', fix: 'untag' };

  it('keeps everything, and is one finding of its own', () => {
    expect(found(rule, aged('abc'))).toMatchObject([
      {
        tag: null,
        severity: 'high',
        fixable: false,
        changes: [],
        message: expect.stringContaining('"*-lts"'),
        evidence: { reason: 'KEEP_MATCHES_NOTHING', matching: [{ glob: '*-lts' }] },
      },
    ]);
  });

  it('is none where nothing would go', () => {
    expect(found(rule, aged('a'))).toEqual([]);
  });

  it('is none where it matches a tag that the rule does not decide over', () => {
    const tags = [...aged('abc'), 'old-lts'];
    expect(gone({ ...rule, tags: [{ glob: '?' }] }, tags)).toEqual(['b', 'c']);
    expect(gone(rule, tags, { pack: { protect: [{ tags: [{ glob: '*-lts' }] }] } })).toEqual(['b', 'c']);
  });

  it('is one for each resource on its own', () => {
    const { findings } = policyOf(packWith(rule)).evaluate(
      [pointed('a', aged('abc')), pointed('b', [...aged('abc'), { name: 'x-lts', created: daysAgo(9) }])],
      pointerContext('registry', NOW),
    );
    expect(findings.map(({ resource, tag }) => [resource, tag])).toEqual([
      ['a', null],
      ['b', 'b'],
      ['b', 'c'],
    ]);
  });
});

describe('retention: findings', () => {
  it('say why in numbers, and what to remove', () => {
    const rule = {
      ...keep({ newest: 2, orderBy: 'created' }, { newerThan: '3d', ageOf: 'created' }),
      fix: 'untag',
      severity: 'low',
    };
    const names = ['1.a', '1.b', '1.c', '1.d'].map((name, at) => ({
      name,
      digest: `sha256:${at}`,
      created: daysAgo(at + 1),
    }));
    const sibling = { name: 'old', digest: 'sha256:3', created: daysAgo(4) };
    const findings = found({ ...rule, groupBy: { re2: '(?P<group>\\d+)\\..*' } }, [...names, sibling]);
    expect(findings).toEqual([
      expect.objectContaining({
        ruleId: 'r',
        severity: 'low',
        tag: '1.d',
        value: null,
        message:
          'The tag "1.d" is older than 3 days (created 2025-12-28) and not among the newest 2 of 4 by created in group "1".',
        suggestion: 'Untag "1.d".',
        changes: [{ change: 'untag', name: '1.d', digest: 'sha256:3' }],
        evidence: {
          reason: 'NOT_KEPT',
          unit: 'tag',
          group: '1',
          rank: 4,
          of: 4,
          orderBy: 'created',
          ageOf: 'created',
          date: '2025-12-28T00:00:00.000Z',
          digest: 'sha256:3',
          siblings: ['old'],
        },
      }),
    ]);
  });

  it.each<[object, string, string]>([
    [
      { expire: { olderThan: '2d', ageOf: 'created' } },
      'EXPIRED',
      'The tag "c" is older than 2 days (created 2025-12-29).',
    ],
    [keep(newest(2)), 'NOT_KEPT', 'The tag "c" is not among the newest 2 of 3 by created.'],
    [
      { ...keep({ matching: [{ prefix: 'a' }, { exact: 'b' }] }), expire: { olderThan: '12h' } },
      'EXPIRED_AND_NOT_KEPT',
      'The tag "c" is older than 12 hours (created 2025-12-29) and not named like "a…" and "b".',
    ],
  ])('%j', (rule, reason, message) => {
    expect(found(rule, aged('abc'))).toMatchObject([{ tag: 'c', message, evidence: { reason } }]);
  });

  it('of a group say how many were ranked, in thousands too', () => {
    const tags = Array.from({ length: 1_002 }, (_, at) => `0.0.${at}`);
    const [finding] = found({ ...keep(newest(1_001, 'semver')) }, tags);
    expect(finding?.message).toBe('The tag "0.0.0" is not among the newest 1,001 of 1,002 by semver.');
    const [other] = found({ ...keep(newest(1)), groupBy: 'major' }, aged('ab'));
    expect(other?.message).toBe(
      'The tag "b" is not among the newest 1 of 2 by created among names of no group.',
    );
  });

  it('list twenty siblings at most', () => {
    const tags = Array.from({ length: 30 }, (_, at) => ({
      name: `t${at + 10}`,
      digest: 'one',
      created: daysAgo(9),
    }));
    const evidence = found({ expire: { olderThan: '1d' } }, tags)[0]?.evidence;
    expect(evidence?.siblings).toEqual(tags.slice(1, 21).map(({ name }) => name));
  });

  it('have no fix where the rule has none', () => {
    expect(found(keep(newest(1)), aged('ab'))).toMatchObject([
      { fixable: false, changes: [], suggestion: null },
    ]);
  });
});
