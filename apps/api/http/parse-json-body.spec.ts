import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './parse-json-body.js';

describe('JSON bodies', () => {
  it('are read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
    expect(parseJsonBody('  ')).toBeUndefined();
  });

  it('break at the place where they break, whatever V8 says of it', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.integer({ min: 0 }), (values, seed) => {
        const parts = values.map((value) => JSON.stringify(value));
        fc.pre(!parts.some((part) => part.includes('__proto__')));
        const broken = seed % parts.length;
        const before = parts
          .slice(0, broken)
          .map((part) => `${part},\n`)
          .join('');
        const text = `[${before}canary, ${parts.slice(broken).join(',')}]`;
        expect(() => parseJsonBody(text)).toThrow(`line ${broken + 1}, column ${broken === 0 ? 2 : 1}.`);
      }),
    );
  });

  it.each([
    ['{"a":', 'line 1, column 6'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n"a" 1}', 'line 2, column 5'],
    ['"open', 'line 1, column 6'],
    ['nul', 'line 1, column 4'],
    ['[1] 2', 'line 1, column 5'],
  ])('%j breaks at %s', (text, place) => {
    expect(() => parseJsonBody(text)).toThrow(place);
  });

  it('say so when they are nested too deeply', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(() => parseJsonBody(deep)).toThrow('nested too deeply');
  });

  it('hide no prototype', () => {
    expect(() => parseJsonBody('{"a":{"__proto__":{"admin":true}}}')).toThrow('__proto__');
  });
});
