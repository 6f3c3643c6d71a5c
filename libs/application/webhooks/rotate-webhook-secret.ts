import { HygieneError, notFound } from '#core';
import type { CreatedWebhook } from '../operations/outputs.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { WEBHOOK_KIND_SPECS } from './kinds/catalog.js';

/** So long the secret before is taken, too: time to give the new one to the sender. */
const GRACE_MS = 24 * 60 * 60 * 1_000;

/** Makes a new secret. Rotating twice within the grace time ends the first secret at once: that is how a leaked one is shut out. */
export class RotateWebhookSecret {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'secretBox' | 'clock'>) {}

  /** @throws HygieneError NOT_FOUND, OPERATION_UNSUPPORTED for a kind without a secret */
  async execute(viewer: Viewer, { id }: { id: string }): Promise<CreatedWebhook> {
    const { database, secretBox, clock } = this.deps;
    return database.transaction(async (stores) => {
      const before = await stores.webhooks.find(id);
      if (before === null) throw notFound('webhook', id);
      const secret = WEBHOOK_KIND_SPECS[before.kind].makeSecret?.();
      if (secret === undefined) throw withoutSecret();
      const until = new Date(clock.now().getTime() + GRACE_MS);
      const webhook = await stores.webhooks.rotate(id, secretBox.seal({ secret }, id), until);
      if (webhook === null) throw notFound('webhook', id);
      await recordAudit(stores, clock, {
        operation: 'rotateWebhookSecret',
        viewer,
        subject: `webhook:${id}`,
        details: { name: webhook.name, previousSecretUntil: until.toISOString() },
      });
      return { webhook, secret };
    });
  }
}

function withoutSecret(): HygieneError {
  return new HygieneError(
    'OPERATION_UNSUPPORTED',
    'SNS signs with a key of AWS, which AWS rotates; this webhook has no secret of its own.',
  );
}
