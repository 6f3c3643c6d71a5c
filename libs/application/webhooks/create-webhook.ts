import { HygieneError, notFound } from '#core';
import { v7 as uuidv7 } from 'uuid';
import type { OperationInput } from '../operations/catalog.js';
import type { CreatedWebhook } from '../operations/outputs.js';
import type { Viewer } from '../records/access.js';
import type { WebhookKind } from '../records/webhook.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { WEBHOOK_KIND_SPECS } from './kinds/catalog.js';
import { checkSecret } from './webhook-secrets.js';

/** Makes an address for one sender; its secret is in this answer and nowhere else. */
export class CreateWebhook {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'secretBox' | 'clock'>) {}

  /** @throws HygieneError INPUT_INVALID, NOT_FOUND for a target, NAME_TAKEN */
  async execute(viewer: Viewer, input: OperationInput<'createWebhook'>): Promise<CreatedWebhook> {
    const { database, secretBox, clock } = this.deps;
    checkTopic(input.kind, input.topicArn);
    if (input.secret !== undefined) checkSecret(input.kind, input.secret);
    const secret = input.secret ?? WEBHOOK_KIND_SPECS[input.kind].makeSecret?.() ?? null;
    const targetIds = [...new Set(input.targetIds)];
    const id = uuidv7();
    return database.transaction(async (stores) => {
      for (const targetId of targetIds)
        if ((await stores.targets.find(targetId)) === null) throw notFound('target', targetId);
      const webhook = await stores.webhooks.insert({
        id,
        name: input.name,
        kind: input.kind,
        targetIds,
        topicArn: input.topicArn ?? null,
        sealedSecret: secret === null ? null : secretBox.seal({ secret }, id),
      });
      await recordAudit(stores, clock, {
        operation: 'createWebhook',
        viewer,
        subject: `webhook:${id}`,
        details: { name: webhook.name, kind: webhook.kind, targetIds, topicArn: webhook.topicArn },
      });
      return { webhook, secret: secret ?? '' };
    });
  }
}

/** Whoever can publish to some topic could start scans, if every topic were listened to. */
function checkTopic(kind: WebhookKind, topicArn: string | undefined): void {
  if ((kind === 'SNS') === (topicArn !== undefined)) return;
  const message =
    kind === 'SNS'
      ? 'expected the ARN of the one topic to listen to'
      : `only SNS has topics, ${kind} has none`;
  throw new HygieneError('INPUT_INVALID', `topicArn: ${message}.`, {
    faults: [{ path: 'topicArn', message }],
  });
}
