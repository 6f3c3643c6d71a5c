import { describe, expect, it } from 'vitest';
import { patternFault } from './compile-pattern.js';

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

  it.each(['{a', '[a', 'a\\'])('says what is wrong with the glob %s', (text) => {
    expect(patternFault({ type: 'glob', text })).toContain('glob cannot be read');
  });

  it('takes an empty exact text, which an empty value matches', () => {
    expect(patternFault({ type: 'exact', text: '' })).toBeNull();
  });
});
