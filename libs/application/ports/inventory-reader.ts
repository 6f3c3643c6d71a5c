import type { PointerFact, Resource } from '#core';

/** Where a resource of the inventory is. */
export interface ResourcePlace {
  readonly targetId: string;
  readonly scope: string;
  readonly resource: string;
  readonly resourceType: string;
}

/** What is asked of a stored resource. */
export interface StoredFacts {
  /** Of its pointers; what costs a query of its own is read only when it is asked for. */
  readonly facts: ReadonlySet<PointerFact>;
  /** Of its tags. */
  readonly most: number;
}

/** The inventory as it was last seen, as rules see it. */
export interface InventoryReader {
  /**
   * A resource with all its present tags; null when it is not there. Facts that are not stored (what puts a fault back, signatures of git
   * tags, manifests without a tag) are not known.
   *
   * @throws HygieneError LIMIT_EXCEEDED when it has more than `most` tags
   */
  storedResource(place: ResourcePlace, ask: StoredFacts): Promise<Resource | null>;
}
