import { describe, expect, it } from 'vitest';
import { aged, daysAgo, found, gone, keep, missing, newest } from './retention.fixture.js';

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
