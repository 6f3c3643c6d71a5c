import { HygieneError } from '#core';

/** What every wait and every reading ends with when its signal is aborted. */
export function cancelled(): HygieneError {
  return new HygieneError('CANCELLED', 'The work was cancelled before it was done.');
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/** The work's result, or CANCELLED as soon as the signal is aborted, even when the work itself pays no heed to it. */
export async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelled());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
