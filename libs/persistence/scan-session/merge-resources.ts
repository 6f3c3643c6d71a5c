import { RESOURCE_NUMBERS, type ResourceNumbers } from '#application';
import type { Resource, TagList } from '#core';
import { cleanText } from '../connection/clean-text.js';
import { identity } from './identity.js';
import type { SessionContext } from './session-context.js';

/** A resource as it is stored, its tags as they were given. */
export interface MergedResource {
  readonly scope: string;
  readonly resourceType: string;
  readonly resource: string;
  readonly createdAt: Date | null;
  /** undefined: leave what is stored. */
  readonly team: string | null | undefined;
  /** Those that were given. */
  readonly facts: Partial<ResourceNumbers>;
  /** One list for each time that it was given. */
  readonly tags: readonly TagList[];
}

/** How the team of a resource is found. */
type Ownership = Pick<SessionContext, 'ownerTag' | 'ownerOf'>;

/** Texts made storable; a resource that comes twice in a batch becomes one with the tags of both, the later ones winning. */
export function mergeResources(resources: readonly Resource[], ownership: Ownership): MergedResource[] {
  const merged = new Map<string, MergedResource>();
  for (const given of resources) {
    const [scope, resourceType, resource] = [given.scope, given.resourceType, given.resource].map(
      identity,
    ) as [string, string, string];
    const key = JSON.stringify([scope, resourceType, resource]);
    const earlier = merged.get(key);
    const tags = [...(earlier?.tags ?? []), given.tags];
    const team = teamOf(given, ownership, earlier?.team);
    const facts = { ...earlier?.facts, ...numbersOf(given) };
    merged.set(key, { scope, resourceType, resource, createdAt: given.createdAt, team, facts, tags });
  }
  return [...merged.values()];
}

/** What is no number, or none that counts something, is not taken. */
function numbersOf({ facts }: Resource): Partial<ResourceNumbers> {
  const numbers: { -readonly [N in keyof ResourceNumbers]?: number } = {};
  for (const name of RESOURCE_NUMBERS) {
    const value = facts[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) numbers[name] = value;
  }
  return numbers;
}

/** The label beats the map, whichever part of the resource has it; without both what is stored is left. */
function teamOf(
  { resource, tags }: Resource,
  { ownerTag, ownerOf }: Ownership,
  earlier: string | null | undefined,
): string | null | undefined {
  if (ownerTag === null && ownerOf === null) return undefined;
  const labelled = tags.find(({ name }) => name === ownerTag)?.value ?? '';
  const team = labelled === '' ? (earlier ?? ownerOf?.(resource) ?? null) : labelled;
  return team === null ? null : cleanText(team);
}
