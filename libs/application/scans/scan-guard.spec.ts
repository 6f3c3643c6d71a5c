import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScanSignals } from '../ports/scan-signals.js';
import { ScanGuard } from './scan-guard.js';

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

/** Signals as a test gives them. */
function handSignals() {
  const looks = new Map<string, () => void>();
  const signals: ScanSignals = {
    onChange: () => () => {},
    onStop(scanId, look) {
      looks.set(scanId, look);
      return () => looks.delete(scanId);
    },
  };
  return { signals, looks };
}

describe('the guard of a scan', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('looks at once when somebody wants the scan stopped', async () => {
    const { signals, looks } = handSignals();
    const renew = vi.fn(async () => ({ owned: true, cancelRequested: true }));
    const guard = new ScanGuard('s', renew, { signals, logger });
    guard.start(new AbortController().signal);

    looks.get('s')?.();
    await vi.advanceTimersByTimeAsync(0);

    expect(guard.stopped).toBe('cancelled');
    expect(guard.signal.aborted).toBe(true);
    await guard.end();
    expect([renew.mock.calls.length, looks.size]).toEqual([1, 0]);
  });

  it('looks once a second when nothing is told', async () => {
    const { signals } = handSignals();
    let cancelRequested = false;
    const guard = new ScanGuard('s', async () => ({ owned: true, cancelRequested }), { signals, logger });
    guard.start(new AbortController().signal);

    await vi.advanceTimersByTimeAsync(1_000);
    expect(guard.stopped).toBeNull();
    cancelRequested = true;
    await vi.advanceTimersByTimeAsync(1_000);

    expect(guard.stopped).toBe('cancelled');
    await guard.end();
  });
});
