import { HygieneError } from '#core';

/** What every wait and every reading ends with when its signal is aborted. */
export function cancelled(): HygieneError {
  return new HygieneError('CANCELLED', 'The work was cancelled before it was done.');
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
