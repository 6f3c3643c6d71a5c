import type { ReadUnit, Resource } from '#core';

/** Counts resources of which a large one is told in pages, one event after the other: each counts once. */
export class ResourceCounter {
  private readonly lastOf = new Map<string, string>();

  /** How many of them were not counted before. */
  count({ scope, resourceType }: ReadUnit, resources: readonly Resource[]): number {
    const unit = JSON.stringify([scope, resourceType]);
    let last = this.lastOf.get(unit) ?? null;
    let fresh = 0;
    for (const resource of resources) {
      const key = JSON.stringify([resource.resourceType, resource.resource]);
      if (key !== last) fresh += 1;
      last = key;
    }
    if (last !== null) this.lastOf.set(unit, last);
    return fresh;
  }

  /** The unit was read to its end. */
  forget({ scope, resourceType }: ReadUnit): void {
    this.lastOf.delete(JSON.stringify([scope, resourceType]));
  }
}
