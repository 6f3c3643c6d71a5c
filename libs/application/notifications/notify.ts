import type { Logger } from '#core';
import type { DeliveryQueue } from '../ports/notifications.js';
import type { Stores } from '../ports/stores.js';
import type { News } from '../records/notification.js';

/** Every notification begins here: stored in the transaction of its cause, told to the queue once that is committed. */
export class Notify {
  constructor(private readonly deps: { readonly deliveryQueue: DeliveryQueue; readonly logger: Logger }) {}

  /**
   * One delivery for each channel that wants it; telling the same cause again adds none.
   * @param cause by id: `scan:…`
   * @returns the channels that `dispatch` takes
   */
  async store(
    stores: Stores,
    cause: string,
    news: News,
    scanIds: readonly string[] = [],
  ): Promise<readonly string[]> {
    return stores.notificationDeliveries.add(cause, news, scanIds);
  }

  /** Never throws: what the queue does not take is found by the recovery loop of the workers. */
  async dispatch(channelIds: readonly string[]): Promise<void> {
    const { deliveryQueue, logger } = this.deps;
    for (const channelId of new Set(channelIds)) {
      try {
        await deliveryQueue.enqueue(channelId);
      } catch (error) {
        logger.warn(
          { err: error, channelId },
          'the queue did not take a notification; it waits for recovery',
        );
      }
    }
  }
}
