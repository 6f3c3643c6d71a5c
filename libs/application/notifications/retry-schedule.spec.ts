import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MOST_ATTEMPTS, pauseAfter } from './retry-schedule.js';

const HOUR = 3_600_000;
const pauses = (random: number) =>
  Array.from({ length: MOST_ATTEMPTS - 1 }, (_, n) => pauseAfter(n + 1, null, random) ?? Number.NaN);

it('A9: tries ten times within 76 hours or so, first after five seconds, each time later', () => {
  const plain = pauses(0);
  expect(plain[0]).toBe(5_000);
  expect(plain.toSorted((a, b) => a - b)).toEqual(plain);
  const all = plain.reduce((sum, pause) => sum + pause, 0);
  expect(all / HOUR).toBeGreaterThan(75);
  expect(all / HOUR).toBeLessThan(76);
  expect(pauseAfter(MOST_ATTEMPTS, null, 0)).toBeNull();
});

it('P34: waits at least as long as it is asked to, and at most a tenth longer than it must', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MOST_ATTEMPTS - 1 }),
      fc.option(fc.integer({ min: 1_000, max: 900_000 })),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, asked, random) => {
        const least = Math.max(pauseAfter(attempt, null, 0) ?? 0, asked ?? 0);
        const pause = pauseAfter(attempt, asked, random) ?? 0;
        expect(pause).toBeGreaterThanOrEqual(least);
        expect(pause).toBeLessThanOrEqual(Math.ceil(least * 1.1));
      },
    ),
  );
});
