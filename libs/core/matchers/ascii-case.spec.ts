import { expect, it } from 'vitest';
import { byCodeUnit, foldAsciiCase, foldSeparators } from './ascii-case.js';

it('folds A-Z alone: the Kelvin sign and the long s stay what they are', () => {
  expect(foldAsciiCase('ABC-xyz')).toBe('abc-xyz');
  expect(foldAsciiCase('aBc')).toBe('abc');
  expect(foldAsciiCase('abc')).toBe('abc');
  expect(foldAsciiCase('ÀB')).toBe('Àb');
  expect(foldAsciiCase('\u212A\u017F')).toBe('\u212A\u017F');
});

it('folds a run of separators to one dash, never to nothing', () => {
  expect(foldSeparators('Cost_Center')).toBe('cost-center');
  expect(foldSeparators('a. b/c')).toBe('a-b-c');
  expect(foldSeparators('v1.8.10')).not.toBe(foldSeparators('v1.81.0'));
});

it('orders by code unit, whatever the locale', () => {
  expect(['b', 'a', 'B', 'ä', '', 'a'].sort(byCodeUnit)).toEqual(['', 'B', 'a', 'a', 'b', 'ä']);
  expect([byCodeUnit('a', 'b'), byCodeUnit('b', 'a'), byCodeUnit('a', 'a')]).toEqual([-1, 1, 0]);
});
