import { at, readJson, textAt } from '../read-json.js';
import { hasSharedToken } from '../signatures/shared-token.js';
import { randomSecret } from '../webhook-secrets.js';
import { contentOf, named, nothingOfTags } from './content.js';
import type { NamedResource, WebhookKindSpec } from './webhook-kind.js';

/** In Harbor's own format and as CloudEvents. */
const TAG_EVENTS = new Set([
  'PUSH_ARTIFACT',
  'DELETE_ARTIFACT',
  'TAG_RETENTION',
  'REPLICATION',
  'harbor.artifact.pushed',
  'harbor.artifact.deleted',
  'harbor.tag_retention.finished',
  'harbor.replication.status.changed',
]);

/** https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/. `resource_url` is not looked at. */
export const harbor: WebhookKindSpec = {
  makeSecret: randomSecret,
  authenticate: ({ headers }, { secrets }) => hasSharedToken(headers, secrets),
  parse: ({ body }) => {
    const payload = readJson(body);
    const event = textAt(payload, 'type') ?? 'event';
    const isCloudEvent = textAt(payload, 'specversion') !== null;
    const resources = repositoryIn(at(payload, isCloudEvent ? 'data' : 'event_data'));
    const content = TAG_EVENTS.has(event) ? contentOrAll(resources, event) : nothingOfTags(event);
    return { event, deliveryId: isCloudEvent ? textAt(payload, 'id') : null, content };
  },
};

function repositoryIn(data: unknown): NamedResource[] {
  const [full, project, name] = [
    textAt(data, 'repository', 'repo_full_name'),
    textAt(data, 'repository', 'namespace'),
    textAt(data, 'repository', 'name'),
  ];
  return named('registry', full ?? (project === null || name === null ? null : `${project}/${name}`));
}

/** A retention or a replication may change many repositories and names none. */
function contentOrAll(resources: readonly NamedResource[], event: string) {
  return resources.length === 0 ? ({ type: 'everything' } as const) : contentOf(resources, event);
}
