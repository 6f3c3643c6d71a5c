import type { PointerFact, Resource } from '#core';
import type { PointerHistory } from '../ports/stores.js';

/** The facts that the inventory adds. */
export const HISTORY_FACTS = ['firstSeen', 'was', 'elsewhere'] as const satisfies readonly PointerFact[];

/** The resources with what the inventory has seen of their pointers; labels stay as they are. */
export function withHistory(
  resources: readonly Resource[],
  history: readonly (readonly PointerHistory[])[],
): readonly Resource[] {
  return resources.map((resource, i) => ({
    ...resource,
    tags: resource.tags.map((tag, j) =>
      tag.value === null ? { ...tag, pointer: { ...tag.pointer, ...history[i]?.[j] } } : tag,
    ),
  }));
}
