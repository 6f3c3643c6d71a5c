/** Keyset paging: `after` is the cursor of the last row that was seen. `first` is 1..200. */
export interface PageRequest {
  readonly first: number;
  readonly after: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  /** Counted only when asked. */
  totalCount(): Promise<number>;
}

/** Targets that a viewer may see; null: all. Every read model takes it, so that no list can forget it. */
export type Visible = readonly string[] | null;
