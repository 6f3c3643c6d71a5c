import { readJson, textAt } from '../read-json.js';
import { hasSharedToken } from '../signatures/shared-token.js';
import { randomSecret } from '../webhook-secrets.js';
import { awsEventContent, awsEventName } from './aws-event.js';
import type { WebhookKindSpec } from './webhook-kind.js';

/** An API destination whose connection has the authorization type API_KEY. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
export const eventbridge: WebhookKindSpec = {
  makeSecret: randomSecret,
  authenticate: ({ headers }, { secrets }) => hasSharedToken(headers, secrets),
  parse: ({ body }) => {
    const payload = readJson(body);
    return {
      event: awsEventName(payload),
      deliveryId: textAt(payload, 'id'),
      content: awsEventContent(payload),
    };
  },
};
