import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { re2Source } from './compile-pattern.js';
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

  it('a glob matches what trying every split says it matches', () => {
    fc.assert(
      fc.property(aGlob.filter(apart), word, (pieces, text) => {
        expect(matches(glob(pieces.join('')), text)).toBe(naive(pieces, text));
      }),
    );
  });

  it('a set finds exactly the groups that match on their own, each with its first matcher', () => {
    const pattern = fc.oneof(
      word.map((text): Matcher => ({ type: 'exact', text })),
      word.filter((text) => text !== '').map((text): Matcher => ({ type: 'prefix', text })),
      aGlob.map((pieces): Matcher => glob(pieces.join(''))),
      fc.constantFrom('a*', '(a|b)+', 'a?b?', '[^a]*', '.*-.*', 'a{2,3}', '(a+)+').map(re2),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(pattern, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        word,
        (groups, text) => {
          const alone = (matcher: Matcher) => RE2JS.compile(re2Source(matcher)).matches(text);
          const expected = groups.flatMap((matchers, group) => {
            const matcher = matchers.findIndex(alone);
            return matcher < 0 ? [] : [{ group, matcher }];
          });
          expect(new MatcherSet(groups).match(text)).toEqual(expected);
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
