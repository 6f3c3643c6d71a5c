import { describe, expect, it } from 'vitest';
import { scoreText } from './score-formula.js';

describe('scoreText', () => {
  it.each([
    [100, '100.0'],
    [99.999, '99.9'],
    [2.3, '2.3'],
    [87.46, '87.4'],
    [0, '0.0'],
  ])('writes %d as %s', (score, text) => {
    expect(scoreText(score)).toBe(text);
  });
});
