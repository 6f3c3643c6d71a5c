import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ERROR_CATEGORIES } from '#core';
import { ATTEMPTS, type FailedAttempt, MAX_ATTEMPTS, pauseBeforeRetry } from './retry.js';

const MINUTE_MS = 60_000;

const failed = (change: Partial<FailedAttempt>): FailedAttempt => ({
  category: 'unavailable',
  retryAfterMs: null,
  attempt: 1,
  firstRetryMs: 1_000,
  random: 0,
  ...change,
});

const anyFailure: fc.Arbitrary<FailedAttempt> = fc.record({
  category: fc.constantFrom(...ERROR_CATEGORIES),
  retryAfterMs: fc.option(fc.nat({ max: 100 * MINUTE_MS })),
  attempt: fc.integer({ min: 1, max: 30 }),
  firstRetryMs: fc.integer({ min: 1, max: 5_000 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

it('doubles the pause', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => pauseBeforeRetry(failed({ attempt })));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
});

it.each(['invalid-input', 'forbidden', 'not-found', 'remote-denied', 'conflict'] as const)(
  'never tries again what is %s, whatever the other side says',
  (category) => {
    expect(pauseBeforeRetry(failed({ category, retryAfterMs: 1 }))).toBeNull();
  },
);

it('adds up to a quarter by chance', () => {
  expect(pauseBeforeRetry(failed({ random: 0.999 }))).toBe(1_250);
});

it('waits for what the other side asked, but no longer than an hour', () => {
  expect(pauseBeforeRetry(failed({ retryAfterMs: 90_000 }))).toBe(90_000);
  expect(pauseBeforeRetry(failed({ retryAfterMs: 1e12 }))).toBe(60 * MINUTE_MS);
});

it('ends, pauses at least as long as asked, and never longer than an hour and a quarter', () => {
  fc.assert(
    fc.property(anyFailure, (failure) => {
      const pause = pauseBeforeRetry(failure);
      const attempts = ATTEMPTS[failure.category];
      expect(pause === null).toBe(attempts === null || failure.attempt >= attempts);
      if (pause === null) return;
      expect(failure.attempt).toBeLessThan(MAX_ATTEMPTS);
      expect(pause).toBeGreaterThanOrEqual(Math.min(failure.retryAfterMs ?? 0, 60 * MINUTE_MS));
      expect(pause).toBeGreaterThanOrEqual(1);
      expect(pause).toBeLessThanOrEqual(75 * MINUTE_MS);
    }),
  );
});
