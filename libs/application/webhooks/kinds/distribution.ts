import { createHash } from 'node:crypto';
import { listAt, readJson, textAt } from '../read-json.js';
import { hasSharedToken } from '../signatures/shared-token.js';
import { randomSecret } from '../webhook-secrets.js';
import { contentOf, named } from './content.js';
import type { WebhookKindSpec } from './webhook-kind.js';

const LAYER = 'application/octet-stream';

/** Notifications of CNCF distribution, several events in one envelope. https://distribution.github.io/distribution/about/notifications/ */
export const distribution: WebhookKindSpec = {
  makeSecret: randomSecret,
  authenticate: ({ headers }, { secrets }) => hasSharedToken(headers, secrets),
  parse: ({ body }) => {
    const events = listAt(readJson(body), 'events');
    const event = [...new Set(events.map((one) => textAt(one, 'action') ?? 'event'))].slice(0, 5).join(', ');
    const changed = events
      .filter(changesTags)
      .flatMap((one) => named('registry', textAt(one, 'target', 'repository')));
    return { event: event || 'no events', deliveryId: idOf(events), content: contentOf(changed, event) };
  },
};

/** Pulls change nothing, nor do layers: the manifest that needs them comes after them. */
function changesTags(event: unknown): boolean {
  const action = textAt(event, 'action');
  return action === 'delete' || (action === 'push' && textAt(event, 'target', 'mediaType') !== LAYER);
}

/** A retry carries the same events in the same envelope. */
function idOf(events: readonly unknown[]): string | null {
  const ids = events.map((event) => textAt(event, 'id'));
  if (ids.length === 0 || ids.includes(null)) return null;
  return createHash('sha256').update(JSON.stringify(ids)).digest('hex');
}
