import type { Resource } from '#core';
import { cleanText } from '../connection/clean-text.js';
import { identity } from './identity.js';
import type { TagInput } from './tag-writer.js';

/** A resource as it is stored, its tags by stored name. */
export interface MergedResource {
  readonly scope: string;
  readonly resourceType: string;
  readonly resource: string;
  readonly createdAt: Date | null;
  /** undefined: leave what is stored. */
  readonly team: string | null | undefined;
  readonly tags: ReadonlyMap<string, Omit<TagInput, 'resourceId'>>;
}

/** Texts made storable; a resource that comes twice in a batch becomes one with the tags of both, the later ones winning. */
export function mergeResources(resources: readonly Resource[], ownerTag: string | null): MergedResource[] {
  const merged = new Map<string, MergedResource & { tags: Map<string, Omit<TagInput, 'resourceId'>> }>();
  for (const given of resources) {
    const [scope, resourceType, resource] = [given.scope, given.resourceType, given.resource].map(
      identity,
    ) as [string, string, string];
    const key = JSON.stringify([scope, resourceType, resource]);
    const earlier = merged.get(key);
    const tags = earlier?.tags ?? new Map<string, Omit<TagInput, 'resourceId'>>();
    for (const { name, value, digest, createdAt } of given.tags) {
      const stored = identity(name);
      const text = value === null ? null : cleanText(value);
      tags.set(stored, {
        name: stored,
        value: text,
        digest: digest === null ? null : cleanText(digest),
        createdAt,
      });
    }
    const team = teamOf(given, ownerTag) ?? earlier?.team ?? (ownerTag === null ? undefined : null);
    merged.set(key, { scope, resourceType, resource, createdAt: given.createdAt, team, tags });
  }
  return [...merged.values()];
}

function teamOf({ tags }: Resource, ownerTag: string | null): string | null {
  if (ownerTag === null) return null;
  const team = tags.find(({ name }) => name === ownerTag)?.value ?? null;
  return team === null || team === '' ? null : cleanText(team);
}
