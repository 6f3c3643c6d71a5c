import { describe, expect, it } from 'vitest';
import { reportModel } from './report-model.fixture.js';
import { changeText, verdict } from './verdict.js';

const FROM = new Date('2026-11-16T00:00:00Z');
const of = (summary: Parameters<typeof reportModel>[0] = {}) => verdict(reportModel(summary).summary, FROM);
const totals = (open: number, opened: number, resolved: number) => ({
  ...{ open, new: opened, resolved, suppressed: 0, flapping: 0, fixable: 0 },
});

describe('the verdict', () => {
  it('says where the score went and what happened', () => {
    expect(of({ summary: { score: 87.56, scoreBefore: 84, totals: totals(1_200, 4, 12) } })).toBe(
      'The score is 87.5 of 100, up 3.5 since 16 November. 12 faults were fixed and 4 came up; 1,200 are open.',
    );
    expect(of({ summary: { score: 80, scoreBefore: 84.2, totals: totals(1, 0, 1) } })).toBe(
      'The score is 80.0 of 100, down 4.2 since 16 November. 1 fault was fixed and 0 came up; 1 is open.',
    );
  });

  it('says that nothing changed, that nothing is open, that nothing is known', () => {
    expect(of({ summary: { score: 100, scoreBefore: 100, totals: totals(0, 0, 0) } })).toBe(
      'The score is 100.0 of 100, unchanged since 16 November. No fault came up and none was fixed; none is open.',
    );
    expect(of({ summary: { scoreBefore: null } })).toContain('there is none from before');
    expect(of({ summary: { score: null } })).toBe('No scan has ended yet, so that there is no score.');
    expect(of({ summary: { targets: [] } })).toBe('There is no target in this report.');
  });
});

it('a change is that of the scores as they are shown', () => {
  expect(changeText(87.59, 87.51)).toBe('±0');
  expect(changeText(87.6, 87.59)).toBe('+0.1');
  expect(changeText(10, 11.2)).toBe('−1.2');
  expect(changeText(null, 1)).toBeNull();
});
