import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Removes a webhook with the log of its deliveries. */
export class DeleteWebhook {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  /** @throws HygieneError NOT_FOUND */
  async execute(viewer: Viewer, { id }: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const webhook = await stores.webhooks.find(id);
      if (webhook === null || !(await stores.webhooks.remove(id))) throw notFound('webhook', id);
      await recordAudit(stores, clock, {
        operation: 'deleteWebhook',
        viewer,
        subject: `webhook:${id}`,
        details: { name: webhook.name, kind: webhook.kind },
      });
      return true;
    });
  }
}
