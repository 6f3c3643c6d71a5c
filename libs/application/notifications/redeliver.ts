import { HygieneError, notFound } from '#core';
import type { Viewer } from '../records/access.js';
import type { DeliveryRecord } from '../records/delivery.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { Notify } from './notify.js';

/** Queues a delivery again, delivered or not, under the id it has. */
export class Redeliver {
  private readonly notify: Notify;

  constructor(
    private readonly deps: Pick<UseCaseDependencies, 'database' | 'deliveryQueue' | 'clock' | 'logger'>,
  ) {
    this.notify = new Notify(deps);
  }

  /** @throws HygieneError NOT_FOUND; INPUT_INVALID when its channel is switched off */
  async execute(viewer: Viewer, { id }: { id: string }): Promise<DeliveryRecord> {
    const { database, clock } = this.deps;
    const { delivery, channelId } = await database.transaction(async (stores) => {
      const of = await stores.notificationDeliveries.channelOf(id);
      const channel = of === null ? null : await stores.notificationChannels.find(of);
      if (channel === null) throw notFound('delivery', id);
      if (!channel.enabled) {
        const message = `its channel ${JSON.stringify(channel.name)} is switched off; enable it first`;
        throw new HygieneError('INPUT_INVALID', `id: ${message}.`, { faults: [{ path: 'id', message }] });
      }
      const again = await stores.notificationDeliveries.redeliver(id);
      if (again === null) throw notFound('delivery', id);
      await recordAudit(stores, clock, {
        operation: 'redeliver',
        viewer,
        subject: `notification-channel:${channel.id}`,
        details: { deliveryId: id, event: again.delivery.event },
      });
      return again;
    });
    await this.notify.dispatch([channelId]);
    return delivery;
  }
}
