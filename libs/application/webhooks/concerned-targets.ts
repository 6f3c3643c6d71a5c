import type { Connectors } from '../ports/services.js';
import type { WebhookReceiver } from '../ports/webhook-store.js';
import type { DeliveryContent, NamedResource } from './kinds/webhook-kind.js';

type Target = WebhookReceiver['targets'][number];

/** A target that a delivery concerns. */
export interface Concern {
  readonly targetId: string;
  /** In the target's own words; null: the whole of it. */
  readonly resources: readonly string[] | null;
}

/** Which of the webhook's targets a delivery is about, and what of them: a resource that is none of a target's starts no scan of it. */
export function concernedTargets(
  targets: readonly Target[],
  content: DeliveryContent,
  connectors: Pick<Connectors, 'descriptor'>,
): readonly Concern[] {
  if (content.type === 'everything') return targets.map(({ id }) => ({ targetId: id, resources: null }));
  if (content.type !== 'resources') return [];
  return targets.flatMap((target) => {
    const own = content.resources.flatMap((resource) => ownName(target, resource, connectors) ?? []);
    return own.length === 0 ? [] : [{ targetId: target.id, resources: [...new Set(own)].sort() }];
  });
}

function ownName(
  { platform, config }: Target,
  resource: NamedResource,
  connectors: Pick<Connectors, 'descriptor'>,
): string | null {
  if (resource.platform !== null && resource.platform !== platform) return null;
  const descriptor = connectors.descriptor(platform);
  const own = resource.names.map((name) => descriptor?.resourceNamed(config, { ...resource, name }) ?? null);
  return own.find((name) => name !== null) ?? null;
}
