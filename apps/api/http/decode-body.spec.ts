import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody } from './decode-body.js';

describe('the text of a body', () => {
  it('is what was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.startsWith('\uFEFF'));
        expect(decodeBody(Buffer.from(text))).toBe(text);
        expect(decodeBody(Buffer.from(`\uFEFF${text}`))).toBe(text);
      }),
    );
  });

  it.each<[string, Buffer, number]>([
    ['Latin-1', Buffer.from('pack: a\n# Größe\n', 'latin1'), 2],
    ['UTF-16', Buffer.from('\uFEFF{"name":"a"}', 'utf16le'), 1],
    ['a text cut in a letter', Buffer.from('a\nb\nä').subarray(0, 5), 3],
    ['half of a pair', Buffer.from([0x0a, 0xed, 0xa0, 0x80, 0x0a]), 2],
  ])('is refused in %s, at its line', (_what, body, line) => {
    expect(() => decodeBody(body)).toThrow(`not UTF-8: it breaks at line ${line};`);
  });
});
