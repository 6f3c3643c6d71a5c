import { oneHeader } from '../delivery-request.js';
import { at, listAt, readJson, textAt } from '../read-json.js';
import { isStandardSigned } from '../signatures/standard-webhooks.js';
import { standardSecret } from '../webhook-secrets.js';
import { contentOf, named } from './content.js';
import type { WebhookKindSpec } from './webhook-kind.js';

/**
 * Standard Webhooks, for senders that people write themselves: `{ "type": "…", "data": { "resources": ["…"] } }`. Without `resources`, at the
 * top or in `data`, it is about everything.
 */
export const generic: WebhookKindSpec = {
  makeSecret: standardSecret,
  authenticate: (request, { secrets, now, hmac }) => isStandardSigned(request, secrets, now, hmac),
  parse: ({ headers, body }) => {
    const payload = body.length === 0 ? {} : readJson(body);
    const event = textAt(payload, 'type') ?? 'event';
    return { event, deliveryId: oneHeader(headers, 'webhook-id'), content: contentIn(payload, event) };
  },
};

function contentIn(payload: unknown, event: string) {
  if (event === 'ping' || event === 'webhook.ping') return { type: 'ping' } as const;
  const place = at(payload, 'resources') === undefined ? at(payload, 'data') : payload;
  if (at(place, 'resources') === undefined) return { type: 'everything' } as const;
  const names = listAt(place, 'resources').filter((name) => typeof name === 'string' && name !== '');
  return contentOf(
    names.flatMap((name) => named(null, String(name))),
    event,
  );
}
