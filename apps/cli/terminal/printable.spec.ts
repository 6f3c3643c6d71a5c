import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson } from './printable.js';

/** Written another way than the code: by number. */
const isHarmless = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  const controls = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const breaks = code === 0x2028 || code === 0x2029;
  const turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return !controls && !breaks && !turns;
};

describe('text for a terminal', () => {
  it.each([
    ['\u001b[2Jgone', '\\u001b[2Jgone'],
    ['two\nlines', 'two\\u000alines'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['a\u200bb', 'a\\u200bb'],
    ['Zürich — 東京 🏷️', 'Zürich — 東京 🏷️'],
  ])('%j is %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('has nothing in it that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...printable(text)].every(isHarmless)).toBe(true);
      }),
    );
  });

  it('as JSON reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = printableJson(value);
        expect([...text.replaceAll('\n', '')].every(isHarmless)).toBe(true);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
