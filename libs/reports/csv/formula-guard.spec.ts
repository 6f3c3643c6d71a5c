import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardFormula } from './formula-guard.js';

describe('guardFormula', () => {
  it.each([
    "=cmd|'/c calc'!A1",
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\tplain',
    ' =1',
    '\u00a0=1',
    '\u3000=1',
    '\u200b=1',
    '\ufeff=1',
    '\u0000=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '−1',
    'safe\n=1',
    'safe\r\n @x',
    "'=1",
  ])('guards %j', (text) => {
    expect(guardFormula(text)).toBe(`'${text}`);
  });

  it.each(['', 'prod', 'a=b', 'team-a', 'user@example.test', '1.2.0', 'two\nlines', ' padded '])(
    'leaves %j alone',
    (text) => {
      expect(guardFormula(text)).toBe(text);
    },
  );

  it('is undone by taking one leading apostrophe away', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '=', ' ', '\n', '\t', 'a', '@') }), (text) => {
        expect(guardFormula(text).replace(/^'/, '')).toBe(text);
      }),
    );
  });
});
