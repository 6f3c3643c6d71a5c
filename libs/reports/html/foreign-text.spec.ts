import { describe, expect, it } from 'vitest';
import { foreignText, foreignValue } from './foreign-text.js';
import { markup } from './markup.js';

const shown = (text: string | null): string => markup`${foreignValue(text)}`.text;

describe('foreignText', () => {
  it('says which characters nobody can see', () => {
    expect(foreignText('own\u200ber\u202e').text).toContain('invisible characters: U+200B, U+202E');
  });

  it('names three of many', () => {
    expect(foreignText('\u200b\u200c\u200d\u2060').text).toContain('U+200B, U+200C, U+200D…');
  });

  it.each(['owner', 'cost centre', 'two\nlines', 'Straße 東京 🚀'])('has nothing to say of %j', (text) => {
    expect(foreignText(text).text).not.toContain('invisible');
  });
});

describe('foreignValue', () => {
  it('tells no value, an empty one and a blank one apart', () => {
    expect(shown(null)).toContain('–');
    expect(shown('')).toContain('(empty)');
    expect(shown('  ')).toContain('(only blanks)');
    expect(shown('prod')).toBe('<bdi>prod</bdi>');
  });
});
