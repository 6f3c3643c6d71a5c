import type { Platform } from '#core';
import type { DeliveryContent, NamedResource } from './webhook-kind.js';

/** What names more than this is about everything: nothing is left out. */
const MOST_RESOURCES = 1_000;

export const nothingOfTags = (event: string): DeliveryContent => ({
  type: 'other',
  reason: `${event} says nothing of tags`,
});

/** About these resources, each once; about nothing when there are none. */
export function contentOf(resources: readonly NamedResource[], event: string): DeliveryContent {
  const each = [...new Map(resources.map((resource) => [JSON.stringify(resource), resource])).values()];
  if (each.length === 0) return nothingOfTags(event);
  return each.length > MOST_RESOURCES ? { type: 'everything' } : { type: 'resources', resources: each };
}

/** Names that may be absent; null when all of them are. */
export function named(platform: Platform | null, ...names: readonly (string | null)[]): NamedResource[] {
  const given = [...new Set(names.filter((name) => name !== null))];
  return given.length === 0 ? [] : [{ platform, names: given }];
}

/** The path of an address that a sender gives. It is read, never asked. */
export function pathOf(url: string | null): string | null {
  const path = url === null ? null : (URL.parse(url)?.pathname ?? null);
  if (path === null) return null;
  try {
    return decodeURIComponent(path)
      .replace(/^\/+/, '')
      .replace(/\.git\/*$/, '');
  } catch {
    return null;
  }
}
