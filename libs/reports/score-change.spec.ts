import { describe, expect, it } from 'vitest';
import { scoreChange, shownScore } from './score-change.js';

describe('scoreChange', () => {
  it('is the difference of the scores that readers see', () => {
    expect([shownScore(99.99), shownScore(87.55)]).toEqual([99.9, 87.5]);
    expect(scoreChange(99.99, 87.55)).toBe(12.4);
    expect(scoreChange(80.3, 80.1)).toBe(0.2);
  });

  it('is unknown when a score is', () => {
    expect([scoreChange(null, 1), scoreChange(1, null)]).toEqual([null, null]);
  });
});
