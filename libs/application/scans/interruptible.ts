/**
 * An async generator that can be ended while it waits for something: `return` (what `break`, a lost reader and graphql-ws call) aborts the
 * signal that it was made with, where a plain one would go on waiting.
 *
 * @param onEnd called once, however it ends, even when it was never begun
 */
export function interruptible<T>(
  make: (ended: AbortSignal) => AsyncGenerator<T, void, void>,
  onEnd: () => void = () => {},
): AsyncGenerator<T, void, void> {
  const controller = new AbortController();
  const inner = make(controller.signal);
  const end = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    onEnd();
  };
  return {
    async next() {
      try {
        const result = await inner.next();
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    return(value) {
      end();
      return inner.return(value);
    },
    throw(error) {
      end();
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      end();
      await inner.return();
    },
  };
}
