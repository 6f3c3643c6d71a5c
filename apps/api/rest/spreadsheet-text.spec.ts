import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadsheetText } from './spreadsheet-text.js';

describe('spreadsheet text', () => {
  it.each(['=1', '+1', '-1', '@x', '\t=1', '\r=1', ' =1', '\u00a0=1', '＝1', '＋1', '\t1'])(
    '%j is made harmless',
    (text) => {
      expect(spreadsheetText(text)).toBe(`'${text}`);
    },
  );

  it('guards every line', () => {
    expect(spreadsheetText('safe\n=1')).toBe("safe\n'=1");
  });

  it('leaves other text alone and loses nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const guarded = spreadsheetText(text);
        expect(guarded.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
        expect(guarded).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
    );
    expect(spreadsheetText('a=1 owner@example.com')).toBe('a=1 owner@example.com');
  });
});
