import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, toJson } from './clean-text.js';

const hostile = fc.string({
  unit: fc.constantFrom('a', '\\', '"', 'u0000', '\u0000', '\ud800', '\udc00', '😀', '\\u0000', '/'),
});

/** What jsonb refuses: an escaped NUL, and half of a pair. */
function refused(json: string): boolean {
  let text = '';
  JSON.parse(json, (key, value: unknown) => {
    text += key + (typeof value === 'string' ? value : '');
    return value;
  });
  return text.includes('\u0000') || !text.isWellFormed();
}

describe('cleanText', () => {
  it('replaces what PostgreSQL refuses, and nothing else', () => {
    expect(cleanText('a\u0000b\ud800c😀')).toBe('a\ufffdb\ufffdc😀');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        expect(clean).toBe(text.toWellFormed().replaceAll('\u0000', '\ufffd'));
      }),
    );
  });
});

describe('toJson', () => {
  it('cleans strings and keys however deep, and keeps everything else', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.jsonValue(), (key, text, rest) => {
        const json = toJson({ [`k${key}`]: [text, { [key]: text }], rest });
        expect(refused(json)).toBe(false);
        const parsed = JSON.parse(json) as { rest: unknown } & Record<string, unknown[]>;
        expect(parsed[`k${cleanText(key)}`]?.[0]).toBe(cleanText(text));
        if (JSON.stringify(rest).isWellFormed() && !/\\u/.test(JSON.stringify(rest)))
          expect(parsed.rest).toEqual(JSON.parse(JSON.stringify(rest)));
      }),
    );
  });

  it('keeps a backslash before u0000 that is no escape', () => {
    expect(JSON.parse(toJson({ a: '\\u0000' }))).toEqual({ a: '\\u0000' });
    expect(toJson(undefined)).toBe('null');
  });
});
