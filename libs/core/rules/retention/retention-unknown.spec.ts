import { describe, expect, it } from 'vitest';
import { pointed, pointerContext, type GivenPointer } from '../../../testing/pointer-builders.js';
import { policyOf } from '../../../testing/policy-builders.js';
import { NOW, aged, daysAgo, found, gone, keep, missing, newest, packWith } from './retention.fixture.js';

const keepAll = (...all: object[]) => ({ keep: { all } });

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
