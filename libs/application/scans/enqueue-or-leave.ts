import type { Logger } from '#core';

/** The work is stored; when the queue does not take its job, the recovery loop of the workers makes it once the queue is back. */
export async function enqueueOrLeave(
  logger: Logger,
  fields: { readonly scanId: string },
  enqueue: () => Promise<void>,
): Promise<void> {
  try {
    await enqueue();
  } catch (error) {
    logger.warn(
      { err: error, ...fields },
      'the queue did not take the work of a scan; it waits for recovery',
    );
  }
}
