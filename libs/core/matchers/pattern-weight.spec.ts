import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { mayExplode, patternWeight } from './pattern-weight.js';

const weight = (text: string) => patternWeight({ type: 're2', text });

describe('patternWeight', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['a{5}', 5],
    ['a{2,7}', 7],
    ['a{3,}', 3],
    ['a{0}', 1],
    ['xa{5}y', 7],
    ['(ab){10}', 40],
    ['((a{9}){9}){9}', 9 * (9 * (9 + 2) + 2)],
    ['[a-z{9}]{3}', 3],
    ['[]a]{3}', 3],
    ['[^]a]{3}', 3],
    ['[\\]{9}]{2}', 2],
    ['[[:alpha:]x]{2}', 2],
    ['\\{9}', 3],
    ['\\Q(((\\E', 7],
    ['\\Qa{9}', 6],
    ['\\d{4}', 4],
    ['\\x{1F600}{2}', 2],
    ['\\p{Greek}', 31],
    ['\\pL{2}', 62],
    ['[\\pL\\PN]', 61],
    ['a{', 2],
    ['a{x}', 4],
    ['(a', 1],
    ['a)', 3],
    ['\\', 1],
    ['[', 1],
  ])('%s weighs %d', (pattern, expected) => {
    expect(weight(pattern)).toBe(expected);
  });

  it('is the length of a glob or a prefix', () => {
    expect(patternWeight({ type: 'glob', text: 'a{9}' })).toBe(4);
    expect(patternWeight({ type: 'prefix', text: '(a){9}' })).toBe(6);
  });

  it('is not far under what RE2 makes of the pattern', () => {
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', '[b-d]', '\\d', '.', '^', '\\Qx\\E'),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{3}', '{2,5}', '{4,}'))
          .map(([a, b]) => `(${a})${b}`),
      ),
    }));
    fc.assert(
      fc.property(tree, (pattern) => {
        expect(RE2JS.compile(pattern).programSize()).toBeLessThanOrEqual(3 * weight(pattern) + 10);
      }),
      { numRuns: 300 },
    );
  });

  it('is told in time that is linear in the pattern', () => {
    for (const unit of ['(', '[', '\\Q', '{', '\\p{', '[[:', 'a{1,', '(a{999}']) {
      const start = performance.now();
      weight(unit.repeat(100_000));
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});

describe('mayExplode', () => {
  it.each([
    ['.*[a-e].{12}z', true],
    ['.*a.{8}', true],
    ['.*a.{7}', false],
    ['a+b.{8}', true],
    ['a{2,}b[^/]{4}[a-z]{4}', true],
    ['(?:[^/]*)a[^/][^/][^/][^/][^/][^/][^/][^/]', true],
    ['[ab]*a(?:(?:a|b){4}){2}', true],
    ['.*a\\w{3}\\S{3}\\pL{2}', true],
    ['.*-[0-9]{14}', false],
    ['.*-\\d{4}-\\d{2}-\\d{2}', false],
    ['.*-env-v[0-9]+', false],
    ['.{20}a.*', false],
    ['.*abcdefghijkl', false],
    ['.*\\Q........\\E', false],
    ['\\*a.{12}', false],
  ])('%s: %s', (source, expected) => {
    expect(mayExplode(source)).toBe(expected);
  });
});
