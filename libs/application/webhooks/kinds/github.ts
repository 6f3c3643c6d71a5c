import { oneHeader, type DeliveryHeaders, type DeliveryRequest } from '../delivery-request.js';
import { at, readJson, textAt } from '../read-json.js';
import { equalBytes } from '../signatures/equal-bytes.js';
import { randomSecret } from '../webhook-secrets.js';
import { contentOf, named, nothingOfTags, pathOf } from './content.js';
import type { DeliveryContent, NamedResource, WebhookKindSpec } from './webhook-kind.js';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
/** A push to a branch, too: when more than three tags are pushed at once GitHub tells of none of them. */
const REPOSITORY_EVENTS = new Set(['push', 'create', 'delete', 'release']);
const PACKAGE_EVENTS = new Set(['registry_package', 'package']);

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries. The old SHA-1 header is not looked at. */
export const github: WebhookKindSpec = {
  makeSecret: randomSecret,
  authenticate: ({ headers, body }, { secrets, hmac }) => {
    const hex = SIGNATURE.exec(oneHeader(headers, 'x-hub-signature-256') ?? '')?.[1];
    if (hex === undefined) return false;
    const given = Buffer.from(hex, 'hex');
    return secrets.map((secret) => equalBytes(hmac.sha256(secret, body), given)).includes(true);
  },
  parse: ({ headers, body }) => {
    const event = oneHeader(headers, 'x-github-event') ?? 'event';
    return {
      event,
      deliveryId: oneHeader(headers, 'x-github-delivery'),
      content: contentIn(readJson(jsonOf(headers, body)), event),
    };
  },
};

/** Webhooks of the content type `application/x-www-form-urlencoded` carry the JSON in one field. */
function jsonOf(headers: DeliveryHeaders, body: DeliveryRequest['body']): Uint8Array {
  const type = oneHeader(headers, 'content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return body;
  return Buffer.from(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
}

function contentIn(payload: unknown, event: string): DeliveryContent {
  if (event === 'ping') return { type: 'ping' };
  if (REPOSITORY_EVENTS.has(event)) return contentOf(repositoryIn(payload), event);
  if (PACKAGE_EVENTS.has(event)) return contentOf(packageIn(payload, event), event);
  return nothingOfTags(event);
}

function repositoryIn(payload: unknown): NamedResource[] {
  const path = pathOf(textAt(payload, 'repository', 'clone_url'));
  return named('git', textAt(payload, 'repository', 'full_name'), path);
}

/** Images of ghcr.io: by their owner and the package, and as the package says that it is pulled. */
function packageIn(payload: unknown, event: string): NamedResource[] {
  const found = at(payload, event);
  const types = [
    textAt(found, 'ecosystem'),
    textAt(found, 'package_type'),
    textAt(found, 'registry', 'type'),
  ];
  if (!types.some((type) => /^(container|docker)$/i.test(type ?? ''))) return [];
  const [owner, name] = [textAt(found, 'owner', 'login'), textAt(found, 'name')];
  const pulled = textAt(found, 'package_version', 'package_url')?.split('/').slice(1).join('/');
  return named(
    'registry',
    owner === null || name === null ? null : `${owner}/${name}`.toLowerCase(),
    pulled?.replace(/[:@].*$/, '').toLowerCase() ?? null,
  );
}
