import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { Markup, markup } from './markup.js';
import { attribute, type PageElement, textIn } from './parsed-page.fixture.js';

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '&#60;', '\r', '\n', '\0', '</b>', '<!--', 'x'),
  }),
);

describe('markup', () => {
  it('gives a parser back the very text, in elements and in attributes', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const page = markup`<b title="${text}">${text}</b>`.text;

        const nodes = parseFragment(page).childNodes as PageElement[];
        const expected = text.replaceAll('\0', '\ufffd');
        expect(nodes).toHaveLength(1);
        expect(nodes[0]?.attrs).toHaveLength(1);
        expect(nodes[0] && attribute(nodes[0], 'title')).toBe(expected);
        expect(nodes[0] && textIn(nodes[0])).toBe(expected);
      }),
    );
  });

  it('replaces half a surrogate pair, which UTF-8 cannot hold', () => {
    expect(markup`${'a\ud800b'}`.text).toBe('a\ufffdb');
  });

  it('takes markup as it is, lists piece by piece and null as nothing', () => {
    const item = (text: string): Markup => markup`<li>${text}</li>`;

    expect(markup`<ul>${[item('a & b'), null, item('c')]}</ul>${7}`.text).toBe(
      '<ul><li>a &amp; b</li><li>c</li></ul>7',
    );
  });
});
