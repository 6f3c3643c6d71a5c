import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Removes a channel with its delivery log; what it has queued is not sent. */
export class DeleteNotificationChannel {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const channel = await stores.notificationChannels.find(input.id);
      if (channel === null || !(await stores.notificationChannels.remove(input.id)))
        throw notFound('notification channel', input.id);
      await recordAudit(stores, clock, {
        operation: 'deleteNotificationChannel',
        viewer,
        subject: `notification-channel:${input.id}`,
        details: { name: channel.name, kind: channel.kind },
      });
      return true;
    });
  }
}
