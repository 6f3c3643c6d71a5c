import type { ReferenceQuery } from '#core';

/** A present tag, or (name null) a present resource, that a reference may mean. */
export interface Referred {
  readonly scope: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly name: string | null;
  readonly digest: string | null;
}

/** Finds in the inventory of one target what people mean by what they type. */
export interface ReferenceIndex {
  /** By resource and name, the first `most`. */
  referred(targetId: string, query: ReferenceQuery, most: number): Promise<readonly Referred[]>;
}
