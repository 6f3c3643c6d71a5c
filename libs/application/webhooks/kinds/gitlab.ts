import { oneHeader, type DeliveryHeaders } from '../delivery-request.js';
import { readJson, textAt } from '../read-json.js';
import { isToken } from '../signatures/shared-token.js';
import { hasStandardSignature, isStandardSigned } from '../signatures/standard-webhooks.js';
import { standardSecret } from '../webhook-secrets.js';
import { contentOf, named, nothingOfTags, pathOf } from './content.js';
import type { WebhookKindSpec } from './webhook-kind.js';

/** The same for all attempts of one delivery. Not `X-Gitlab-Event-UUID`: a hook that another hook set off carries that one's. */
const DELIVERY_IDS = ['webhook-id', 'idempotency-key'];
const TAG_EVENTS = new Set(['push', 'tag_push', 'release']);

/**
 * GitLab shows the secret token as it is (`X-Gitlab-Token`); with a signing token it signs by Standard Webhooks, and then the signature
 * counts. https://docs.gitlab.com/user/project/integrations/webhooks/
 */
export const gitlab: WebhookKindSpec = {
  makeSecret: standardSecret,
  authenticate: (request, { secrets, now, hmac }) =>
    hasStandardSignature(request.headers)
      ? isStandardSigned(request, secrets, now, hmac)
      : isToken(request.headers['x-gitlab-token'] ?? [], secrets),
  parse: ({ headers, body }) => {
    const payload = readJson(body);
    const event = textAt(payload, 'object_kind') ?? oneHeader(headers, 'x-gitlab-event') ?? 'event';
    const names = ['path_with_namespace', 'git_http_url'].map((key) => textAt(payload, 'project', key));
    const resources = named('git', names[0] ?? null, pathOf(names[1] ?? null));
    const content = TAG_EVENTS.has(event) ? contentOf(resources, event) : nothingOfTags(event);
    return { event, deliveryId: deliveryIdIn(headers), content };
  },
};

function deliveryIdIn(headers: DeliveryHeaders): string | null {
  return DELIVERY_IDS.map((name) => oneHeader(headers, name)).find((id) => id !== null) ?? null;
}
