import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingRecord, reportModel } from '../report-model.fixture.js';
import { cellText } from './cell-text.js';
import { recordsOf, sheetOf, workbookOf } from './workbook.fixture.js';

/** As ECMA-376 part 1, 22.9.2.19 has it read. */
function read(xml: string): string {
  return xml
    .replace(
      /&(amp|lt|gt|quot);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? '',
    )
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

describe('cellText', () => {
  it.each([
    ['plain', 'plain'],
    ['a<b & "c"', 'a&lt;b &amp; &quot;c&quot;'],
    ['\0\u0007', '_x0000__x0007_'],
    ['a\rb\nc\td', 'a_x000D_b\nc\td'],
    ['_x0041_', '_x005F_x0041_'],
    ['_x0041', '_x0041'],
    ['\ud800x\udc00', '_xD800_x_xDC00_'],
    ['🚀', '🚀'],
    ['\ufffe', '_xFFFE_'],
  ])('writes %j as %j', (text, xml) => {
    expect(cellText(text)).toBe(xml);
  });

  it('loses nothing, and writes nothing that XML forbids', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('_x0041_', '_', 'x000D_', '\r', '\ud800'),
    );
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        const xml = cellText(text);

        expect(read(xml)).toBe(text);
        expect(xml).not.toMatch(/[\0-\x08\x0b-\x1f\ufffe\uffff]|\p{Surrogate}/u);
      }),
    );
  });

  it('comes back from a workbook as it was', async () => {
    const values = ['_x0041_', 'a\rb', '\u0001', 'two\nlines', ' blank ', '日本語 🚀', '\u202e'];
    const workbook = await workbookOf(
      reportModel({ findings: values.map((value) => findingRecord({ value })) }),
    );

    expect(recordsOf(sheetOf(workbook, 'Findings')).map((row) => row['Value'])).toEqual(values);
  });

  it('cuts what no cell takes, says so, and splits no character', () => {
    const cut = cellText('🚀'.repeat(20_000));

    expect(cut.length).toBeLessThanOrEqual(32_767);
    expect(cut).toMatch(/^(🚀)+ … \[cut: 40000 characters; the JSON file has all\]$/u);
    expect(cellText('x'.repeat(32_767))).toHaveLength(32_767);
  });
});
