import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileCapture } from './capture.js';
import { patternFault, re2Source } from './compile-pattern.js';
import type { Matcher } from './matcher.js';
import { MatcherSet, anyOf } from './matcher-set.js';

const matches = (matcher: Matcher, text: string) => anyOf([matcher])(text);
const glob = (text: string): Matcher => ({ type: 'glob', text });
const re2 = (text: string): Matcher => ({ type: 're2', text });

const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '*', '.'), maxLength: 8 });
const globPiece = fc.constantFrom(
  'a',
  'b',
  '/',
  '-',
  '*',
  '**',
  '?',
  '.',
  '{a,b}',
  '{a/,-*}',
  '[ab]',
  '[!a]',
  '\\*',
);
const aGlob = fc.array(globPiece, { minLength: 1, maxLength: 6 });

/** Every word of at most four letters of a small alphabet. */
const WORDS = Array.from({ length: 4 }).reduce<string[]>(
  (words) => ['', ...words.flatMap((text) => [...'ab/-*'].map((letter) => letter + text))],
  [''],
);

/** Two stars beside each other would be one piece of another meaning. */
const apart = (pieces: readonly string[]) =>
  pieces.every((piece, at) => !(piece.startsWith('*') && pieces[at - 1]?.endsWith('*') === true));

/** The same promise, told by trying everything: what is left of the text after a piece took some of it. */
function tails(piece: string, text: string): string[] {
  const [first = ''] = text;
  const every = (from: string, stop: (char: string) => boolean) => {
    const found = [from];
    for (let rest = from; rest !== '' && !stop(rest.charAt(0));) found.push((rest = rest.slice(1)));
    return found;
  };
  if (piece === '**') return every(text, () => false);
  if (piece === '*') return every(text, (char) => char === '/');
  if (piece === '{a,b}' || piece === '[ab]') return first === 'a' || first === 'b' ? [text.slice(1)] : [];
  if (piece === '{a/,-*}') {
    return [
      ...(text.startsWith('a/') ? [text.slice(2)] : []),
      ...(first === '-' ? tails('*', text.slice(1)) : []),
    ];
  }
  if (first === '') return [];
  if (piece === '?') return first === '/' ? [] : [text.slice(1)];
  if (piece === '[!a]') return first === 'a' || first === '/' ? [] : [text.slice(1)];
  return first === (piece === '\\*' ? '*' : piece) ? [text.slice(1)] : [];
}

function naive(pieces: readonly string[], text: string): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return text === '';
  return tails(piece, text).some((tail) => naive(rest, tail));
}

describe('matchers', () => {
  it.each<[Matcher, string, boolean]>([
    [{ type: 'exact', text: 'a.c' }, 'a.c', true],
    [{ type: 'exact', text: 'a.c' }, 'abc', false],
    [{ type: 'exact', text: 'Name' }, 'name', false],
    [{ type: 'prefix', text: 'a+' }, 'a+b\nc', true],
    [{ type: 'prefix', text: 'a+' }, 'aab', false],
    [glob('library/*'), 'library/nginx', true],
    [glob('library/*'), 'library/a/b', false],
    [glob('library/**'), 'library/a/b', true],
    [glob('**release**'), 'v1-release-2', true],
    [glob('{latest,stable}'), 'stable', true],
    [glob('{latest,stable}'), 'stable2', false],
    [glob('v[0-9].?'), 'v1.x', true],
    [glob('v[!0-9]'), 'v/', false],
    [glob('v[!0-9]'), 'vx', true],
    [glob('v[^0-9]'), 'vx', true],
    [glob('v[^0-9]'), 'v1', false],
    [glob('v[^0-9]'), 'v^', true],
    [glob('[]a]'), ']', true],
    [glob('[]a]b'), 'ab', true],
    [glob('[&&]'), '&', true],
    [glob('[a\\]'), '\\', true],
    [glob('[[~|^]'), '[', true],
    [glob('x[a^]'), 'x^', true],
    [glob('{a,b}}'), 'b}', true],
    [glob('a}{b,c}'), 'a}c', true],
    [glob('\\{a\\}'), '{a}', true],
    [glob('a\\💡*'), 'a💡b', true],
    [glob('?'), '💡', true],
    [glob('a,b}'), 'a,b}', true],
    [re2('prod'), 'preprod', false],
    [re2('a|b'), 'ab', false],
    [re2('a|b'), 'b', true],
    [re2('a'), 'a\n', false],
    [re2('(?i)prod'), 'PROD', true],
    [re2('v\\d+'), 'v12', true],
  ])('%j on %j: %s', (matcher, text, expected) => {
    expect(matches(matcher, text)).toBe(expected);
  });

  it('a glob matches what trying every split says it matches, for every short word', () => {
    fc.assert(
      fc.property(aGlob.filter(apart), (pieces) => {
        const test = anyOf([glob(pieces.join(''))]);
        for (const text of WORDS) expect(`${text}: ${test(text)}`).toBe(`${text}: ${naive(pieces, text)}`);
      }),
    );
  });

  it('a pattern matches what V8 says that it matches, for every short word', () => {
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('a', 'b', '/', '[ab]', '[^a]', '.', ''),
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `${one}${other}`),
        fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `(${one}|${other})`),
        fc
          .tuple(tie('tree'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}'))
          .map(([one, times]) => `(${one})${times}`),
      ),
    }));
    fc.assert(
      fc.property(
        tree.filter((pattern) => pattern !== ''),
        (pattern) => {
          const [test, oracle] = [anyOf([re2(pattern)]), new RegExp(`^(?:${pattern})$`)];
          for (const text of WORDS) expect(`${text}: ${test(text)}`).toBe(`${text}: ${oracle.test(text)}`);
        },
      ),
    );
  });

  it('whatever pattern is taken for good can be matched, whole texts alone', () => {
    const piece = fc.constantFrom(
      ...['a', 'b', '|', '(', ')', '*', '[', ']', '^', '$', '{2}', '?:', '(?i)', '.'],
    );
    const escape = fc.constantFrom('\\', '\\Q', '\\E', '\\pL', '\\d', '\\A', '\\z', '\\b', '\\C', '\\x41');
    const pattern = fc.string({ unit: fc.oneof(piece, escape), maxLength: 8 });
    let good = 0;
    fc.assert(
      fc.property(pattern, fc.constantFrom('re2', 'glob', 'prefix', 'exact'), (text, type) => {
        const matcher: Matcher = { type, text };
        if (patternFault(matcher) !== null) return;
        good += 1;
        const test = anyOf([matcher]);
        const alone = RE2JS.compile(re2Source(matcher));
        for (const word of ['', 'a', 'b', 'ab', 'a)', ')', '\\', 'a\\E', 'aa', '(?:a', text]) {
          expect(`${word}: ${test(word)}`).toBe(`${word}: ${alone.matches(word)}`);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(good).toBeGreaterThan(300);
  });

  it.each(['\\Qa.b', '\\Qa.b\\E', 'a\\.\\Qb', '\\\\Q', '\\Q'])('%s may leave its quote open', (pattern) => {
    const alone = RE2JS.compile(pattern);
    const capture = compileCapture(`(?P<x>a?)${pattern}`);
    for (const text of ['a.b', 'axb', '\\Q', '', 'a']) {
      expect(matches(re2(pattern), text)).toBe(alone.matches(text));
      expect(capture(text) !== null).toBe(alone.matches(text) || alone.matches(text.replace(/^a/, '')));
    }
  });

  it('a set finds exactly the groups that match on their own, each with its first matcher', () => {
    const pattern = fc.oneof(
      word.map((text): Matcher => ({ type: 'exact', text })),
      word.filter((text) => text !== '').map((text): Matcher => ({ type: 'prefix', text })),
      aGlob.map((pieces): Matcher => glob(pieces.join(''))),
      fc
        .constantFrom('a*', '(a|b)+', 'a?b?', '[^a]*', '.*-.*', 'a{2,3}', '(a+)+', '.*a.{9}', '.*[ab].{1,9}')
        .map(re2),
    );
    const alone = (matcher: Matcher, text: string) => RE2JS.compile(re2Source(matcher)).matches(text);
    fc.assert(
      fc.property(
        fc.array(fc.array(pattern, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        word,
        (groups, any) => {
          const set = new MatcherSet(groups);
          const written = groups.flatMap((matchers) => matchers.map(({ text }) => text));
          for (const text of new Set([any, '', 'a', 'ab', 'abbbbbbbbbb', ...written])) {
            const expected = groups.flatMap((matchers, group) => {
              const matcher = matchers.findIndex((candidate) => alone(candidate, text));
              return matcher < 0 ? [] : [{ group, matcher }];
            });
            expect(set.match(text)).toEqual(expected);
          }
        },
      ),
    );
  });

  it.each([
    ['^(a+)+$', 'a'],
    ['(a|a)*$', 'a'],
    ['(.*a){20}', 'a'],
    ['\\W?(([ca]*?){0,3}|c{2,5}b{2,5}){0,3}$', 'cab'],
  ])('%s takes under 10 ms for a name of 5,000 characters', (pattern, unit) => {
    const test = anyOf([re2(pattern)]);
    const name = `${unit.repeat(5_000)}!`.slice(-5_000);
    test(name);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      test(name);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(10);
  });
});
