import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from './decode-utf8.js';

describe('decodeUtf8', () => {
  it('gives the text without a byte order mark', () => {
    expect(decodeUtf8(Buffer.from('\uFEFFpack: Zürich \u{1f433}\n'))).toEqual({
      text: 'pack: Zürich \u{1f433}\n',
      line: null,
    });
  });

  it.each([
    [Buffer.from('pack: a\n# Z\xfcrich\n', 'latin1'), 2],
    [Buffer.from([0xff]), 1],
    [Buffer.from('a\nb\n\xe2\x82', 'latin1'), 3],
  ])('says the line of the first byte that is none', (bytes, line) => {
    expect(decodeUtf8(bytes)).toEqual({ text: null, line });
  });
});
