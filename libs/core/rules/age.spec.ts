import { describe, expect, it } from 'vitest';
import { pointer } from '../../testing/pointer-builders.js';
import { AGE_OF, age, dateOf, describeAge, factsOfAge, parseAge } from './age.js';

const date = (day: string): Date => new Date(`${day}T00:00:00Z`);

describe('ages', () => {
  it.each([
    ['90m', 5_400_000, '90 minutes'],
    ['60m', 3_600_000, '1 hour'],
    ['12h', 43_200_000, '12 hours'],
    ['14d', 1_209_600_000, '14 days'],
    ['2w', 1_209_600_000, '14 days'],
    ['0d', 0, '0 days'],
  ])('%s', (written, ms, words) => {
    expect(parseAge(written)).toBe(ms);
    expect(describeAge(ms)).toBe(words);
  });

  it.each(['', '14', 'd', '14 d', '1.5d', '-1d', '14D', '14y', '1234567d', '14d '])(
    '%j is none',
    (written) => {
      expect(age().safeParse(written).error?.issues[0]?.message).toBe(
        `expected an age like 14d (or 90m, 12h, 2w), not ${JSON.stringify(written)}`,
      );
    },
  );
});

describe('the date that counts', () => {
  const tag = pointer({
    name: 'a',
    created: date('2020-01-01'),
    pushedAt: date('2020-01-02'),
    tagPushedAt: date('2020-01-03'),
    pulledAt: date('2020-01-04'),
    firstSeenAt: date('2020-01-05'),
  });

  it('is the one that is asked for', () => {
    expect(AGE_OF.map((of) => [of, dateOf(tag, of)])).toEqual([
      ['created', { at: date('2020-01-01') }],
      ['pushed', { at: date('2020-01-02') }],
      ['tagPushed', { at: date('2020-01-03') }],
      ['pulled', { at: date('2020-01-04') }],
      ['active', { at: date('2020-01-04') }],
      ['firstSeen', { at: date('2020-01-05') }],
    ]);
  });

  it('is the later one for `active`, and needs both', () => {
    const [early, late] = [date('2020-01-01'), date('2021-01-01')];
    expect(dateOf(pointer({ name: 'a', pushedAt: late, pulledAt: early }), 'active')).toEqual({ at: late });
    expect(dateOf(pointer({ name: 'a', pushedAt: late }), 'active')).toEqual({
      missing: 'when it was last pulled',
    });
    expect(dateOf(pointer({ name: 'a', pulledAt: late }), 'active')).toEqual({
      missing: 'when it was pushed',
    });
    expect(factsOfAge('active')).toEqual(['pushed', 'pulled']);
    expect(factsOfAge('created')).toEqual(['created']);
  });

  it.each(AGE_OF)('%s: is missing when nobody said it', (of) => {
    expect(dateOf(pointer('a'), of)).toHaveProperty('missing');
    expect(dateOf({ name: 'a', value: null, digest: null, createdAt: null }, of)).toHaveProperty('missing');
  });

  it.each(['1970-01-01T00:00:00Z', '1980-01-01T00:00:01Z', '2012-12-31T23:59:59.999Z', 'never'])(
    'does not trust %s',
    (created) => {
      expect(dateOf(pointer({ name: 'a', created }), 'created')).toEqual({
        untrusted: 'when it was created, by a date that can be trusted (2013 or later)',
      });
    },
  );

  it('trusts the first moment of 2013', () => {
    const at = date('2013-01-01');
    expect(dateOf(pointer({ name: 'a', created: at }), 'created')).toEqual({ at });
  });
});
