import type { Platform } from '#core';

export interface TagMove {
  readonly at: Date;
  readonly from: string | null;
  readonly to: string | null;
}

export interface TagRecord {
  readonly id: string;
  readonly targetId: string;
  readonly scope: string | null;
  readonly resource: string;
  readonly resourceType: string;
  readonly name: string;
  readonly value: string | null;
  readonly digest: string | null;
  /** What a pointer resolves to in the end, where that is known and not the digest itself. */
  readonly peeled: string | null;
  /** git: a tag object stands between the name and the commit; null where the platform has no such notion or did not say. */
  readonly annotated: boolean | null;
  readonly createdAt: Date | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Where a pointer pointed before, oldest first. */
  readonly moves: readonly TagMove[];
}

/** What a platform may say of a resource's size, by the names that connectors give them in `Resource.facts`. */
export const RESOURCE_NUMBERS = ['bytes', 'layers', 'containers', 'manifests', 'children'] as const;
export type ResourceNumbers = Readonly<Record<(typeof RESOURCE_NUMBERS)[number], number>>;

/** Numbers are null where the platform does not say. */
export interface ResourceRecord extends Readonly<Record<(typeof RESOURCE_NUMBERS)[number], number | null>> {
  readonly id: string;
  readonly targetId: string;
  readonly scope: string | null;
  readonly resource: string;
  readonly resourceType: string;
  readonly team: string | null;
  readonly createdAt: Date | null;
  readonly lastSeenAt: Date;
}

/** Content of a registry as it was read once and checked against its digest. What its manifest does not state is null. */
export interface ManifestRecord {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly createdAt: Date | null;
  /** Config and layers as stated, all platforms of an index together. */
  readonly bytes: number | null;
  readonly layers: number | null;
  /** `linux/amd64`, `linux/arm64/v8`… */
  readonly platforms: readonly string[];
  /** Digests of the manifests that an index names. */
  readonly children: readonly string[];
  /** The digest that it says it is about. */
  readonly subject: string | null;
}

export interface TagFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly resource?: string | undefined;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** Names that point there: siblings. */
  readonly digest?: string | undefined;
  readonly search?: string | undefined;
}

export interface ResourceFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly resourceTypes?: readonly string[] | undefined;
  readonly resource?: string | undefined;
  readonly search?: string | undefined;
  /** Carries at least one tag, or none. */
  readonly tagged?: boolean | undefined;
  readonly removable?: boolean | undefined;
}
