import { expect, it } from 'vitest';
import { foldAsciiCase, foldSeparators } from './ascii-case.js';

it('folds A-Z alone: the Kelvin sign and the long s stay what they are', () => {
  expect(foldAsciiCase('ABC-xyz')).toBe('abc-xyz');
  expect(foldAsciiCase('\u212A\u017F')).toBe('\u212A\u017F');
});

it('folds a run of separators to one dash, never to nothing', () => {
  expect(foldSeparators('Cost_Center')).toBe('cost-center');
  expect(foldSeparators('a. b/c')).toBe('a-b-c');
  expect(foldSeparators('v1.8.10')).not.toBe(foldSeparators('v1.81.0'));
});
