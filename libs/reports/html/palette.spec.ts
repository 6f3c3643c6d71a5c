import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '#core';
import { DARK, LIGHT, type Palette } from './palette.js';

const TEXT_CONTRAST = 4.5;
const GRAPHIC_CONTRAST = 3;

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s palette', (_name, palette) => {
  it.each(['text', 'muted', 'accent', 'better', 'worse'] as const)(
    'reads %s on the page and on raised ground',
    (ink) => {
      expect(contrast(palette, ink, 'page')).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      expect(contrast(palette, ink, 'raised')).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    },
  );

  it('reads the warning', () => {
    expect(contrast(palette, 'warning', 'warning-back')).toBeGreaterThanOrEqual(TEXT_CONTRAST);
  });

  it.each(SEVERITIES)('reads the badge of %s and sees its bar', (severity) => {
    expect(contrast(palette, severity, `${severity}-back`)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    expect(contrast(palette, `${severity}-fill`, 'page')).toBeGreaterThanOrEqual(GRAPHIC_CONTRAST);
    expect(contrast(palette, `${severity}-fill`, 'track')).toBeGreaterThanOrEqual(GRAPHIC_CONTRAST);
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(palette: Palette, one: keyof Palette, other: keyof Palette): number {
  const [darker, lighter] = [luminance(palette[one]), luminance(palette[other])].sort((a, b) => a - b);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
