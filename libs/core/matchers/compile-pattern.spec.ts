import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { patternFault, re2Source } from './compile-pattern.js';

const fault = (text: string) => patternFault({ type: 're2', text });

describe('refused patterns', () => {
  it.each([
    ['(?<=a)b', 'look-behind'],
    ['(?!a)b', 'look-ahead'],
    ['(a)\\1', 'back-reference'],
    ['(a{1000}){1000}', 'RE2 refuses'],
    ['a'.repeat(1_001), 'at most 1000 characters'],
    ['(abcdefgh){400}', 'too large'],
    ['[', 'RE2 refuses'],
    ['\\p{..}', 'RE2 refuses'],
    ['', 'empty'],
  ])('%s: %s', (pattern, reason) => {
    expect(fault(pattern)).toContain(reason);
  });

  it('takes what RE2 takes', () => {
    expect(fault('(?P<group>.*/)?(?P<version>[^/]+)')).toBeNull();
    expect(fault('\\p{Lu}+')).toBeNull();
  });

  it.each([
    ['{a', 'a "{" is not closed'],
    ['{a,{b}', 'a "{" is not closed'],
    ['[a', 'a "[" is not closed'],
    ['[]', 'a "[" is not closed'],
    ['[!]', 'a "[" is not closed'],
    ['a\\', 'a "\\" ends it with nothing to escape'],
  ])('says what is wrong with the glob %s', (text, reason) => {
    expect(patternFault({ type: 'glob', text })).toBe(`This glob cannot be read: ${reason}.`);
    expect(() => re2Source({ type: 'glob', text })).toThrow(
      expect.objectContaining({
        code: 'RULE_PACK_INVALID',
        message: `The glob ${JSON.stringify(text)} cannot be read: ${reason}.`,
      }),
    );
  });

  it('tells the reason of RE2, cut where it repeats a long pattern', () => {
    expect(fault('a)')).toBe(
      'RE2 refuses this pattern: unexpected ): `a)`. See https://github.com/google/re2/wiki/Syntax for what it takes.',
    );
    const long = fault(`${'('.repeat(900)}a`) ?? '';
    expect(long).toContain('missing closing ): `(((');
    expect(long).toContain('(…. See');
    expect(long.length).toBeLessThan(250);
  });

  it('takes patterns up to the limits', () => {
    expect(fault('a'.repeat(1_000))).toBeNull();
    expect(fault('a'.repeat(1_001))).toContain('this one has 1001.');
    expect(patternFault({ type: 'prefix', text: '(a{1000}' })).toBeNull();
    expect(patternFault({ type: 'glob', text: '' })).toBe(
      'An empty glob pattern; write what it has to match.',
    );
    const least = [...Array(1_000).keys()].find((times) => fault(`(?:ab){${times}}`) !== null) ?? 0;
    expect(RE2JS.compile(`(?:ab){${least - 1}}`).programSize()).toBeLessThanOrEqual(1_100);
    expect(fault(`(?:ab){${least}}`)).toContain(
      `(${RE2JS.compile(`(?:ab){${least}}`).programSize()} steps; at most 1100)`,
    );
  });

  it('takes an empty exact text, which an empty value matches', () => {
    expect(patternFault({ type: 'exact', text: '' })).toBeNull();
  });
});
