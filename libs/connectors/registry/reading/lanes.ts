/** Does the work for each item, so many at once. The first fault stops the others and is thrown once they have stopped. */
export async function inLanes<T>(
  items: Iterable<T>,
  { lanes, signal }: { readonly lanes: number; readonly signal: AbortSignal },
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const rest = items[Symbol.iterator]();
  const faults: unknown[] = [];
  const lane = async (): Promise<void> => {
    try {
      for (let next = rest.next(); next.done !== true && faults.length === 0; next = rest.next())
        await work(next.value, either);
    } catch (fault) {
      faults.push(fault);
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (faults.length > 0) throw faults[0];
}
