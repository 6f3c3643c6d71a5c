import { describe, expect, it } from 'vitest';
import { periodOf } from './period-of.js';

const now = new Date('2026-03-08T12:00:00Z');
const limits = { defaultDays: 7, mostDays: 400 };

describe('periodOf', () => {
  it('ends now and begins some days before, unless told', () => {
    expect(periodOf({}, now, limits)).toEqual({ from: new Date('2026-03-01T12:00:00Z'), to: now });
    const to = new Date('2026-01-08T00:00:00Z');
    expect(periodOf({ to }, now, limits)).toEqual({ from: new Date('2026-01-01T00:00:00Z'), to });
    const from = new Date('2026-01-01T00:00:00Z');
    expect(periodOf({ from }, now, limits)).toEqual({ from, to: now });
  });

  it.each([
    ['2026-03-08T12:00:00Z', 'before `to`'],
    ['2026-04-01T00:00:00Z', 'before `to`'],
    ['2025-02-01T11:59:59Z', '400 days'],
  ])('refuses to begin at %s', (from, said) => {
    expect(() => periodOf({ from: new Date(from) }, now, limits)).toThrowError(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        faults: [{ path: 'from', message: expect.stringContaining(said) }],
      }),
    );
  });
});
