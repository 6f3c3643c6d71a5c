import { describe, expect, it } from 'vitest';
import { HygieneError, type ScanError } from '#core';
import { ScanTally } from './scan-tally.js';

const anError = (n: number): ScanError => ({
  ...{ code: 'REMOTE_FAULT', message: `${n} was not read.`, scope: `scope-${n}`, retryable: true },
});
const lacking = (resources: number, needs = 'a date') => ({
  ...{ rulePack: 'p', ruleId: 'r', needs, resources },
});

/** One tally for everything, and one put together of what `parts` tallies came to. */
function both(parts: readonly ((tally: ScanTally) => void)[]): { whole: ScanTally; merged: ScanTally } {
  const [whole, merged] = [new ScanTally(), new ScanTally()];
  for (const fill of parts) {
    const part = new ScanTally();
    fill(part);
    fill(whole);
    merged.add(part.faults);
  }
  return { whole, merged };
}

describe('a tally of tallies', () => {
  it('says what one tally would have said', () => {
    const { whole, merged } = both([
      (tally) => tally.addNotEvaluated([lacking(3), lacking(1, 'a signature')]),
      (tally) => tally.addError(anError(1)),
      (tally) => tally.addNotEvaluated([lacking(4)]),
      (tally) => tally.countUnit(),
    ]);
    expect(merged.notEvaluated).toEqual([lacking(7), lacking(1, 'a signature')]);
    expect(merged.notEvaluated).toEqual(whole.notEvaluated);
    expect(merged.errors).toEqual([anError(1)]);
    expect(merged.status).toBe('PARTIAL');
  });

  it('lists 200 errors, and counts all others once', () => {
    const many = (from: number, count: number) => (tally: ScanTally) => {
      for (let n = from; n < from + count; n++) tally.addError(anError(n));
    };
    const { whole, merged } = both([many(0, 150), many(150, 230), many(380, 20)]);
    expect(merged.errors).toEqual(whole.errors);
    expect(merged.errors).toHaveLength(201);
    expect(merged.errors.at(-1)?.message).toBe('200 more errors of this scan are not listed.');
  });

  it('is FAILED when nothing was read, and SUCCEEDED without an error', () => {
    const fail = (tally: ScanTally): void =>
      tally.addFault(new HygieneError('REMOTE_UNREACHABLE', 'Nobody is there.'), 'scope-1');
    const { merged } = both([fail]);
    expect(merged.status).toBe('FAILED');
    expect(merged.errors).toMatchObject([{ code: 'REMOTE_UNREACHABLE', scope: 'scope-1', retryable: true }]);
    expect(both([]).merged.status).toBe('SUCCEEDED');
  });
});
