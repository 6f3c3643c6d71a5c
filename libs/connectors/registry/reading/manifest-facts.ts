import type { JsonObject } from '#core';

/** A manifest that an index names. */
export interface ChildFacts {
  readonly digest: string;
  readonly mediaType: string;
  /** `linux/arm64/v8`; null when the index does not say. */
  readonly platform: string | null;
  /** Of the child's manifest itself. */
  readonly bytes: number;
  /** A statement about another child (BuildKit's provenance and SBOM), not something to run. */
  readonly attestation: boolean;
}

/** What one manifest says, and its configuration: the same for ever, since both are named by their hash. Kept in the service's content facts. */
export interface ManifestFacts {
  readonly mediaType: string;
  readonly artifactType: string | null;
  /** Milliseconds since the epoch: the configuration's, else the manifest's own annotation. */
  readonly createdAt: number | null;
  /** Of config and layers as stated; 0 for an index; null when it does not say. */
  readonly bytes: number | null;
  readonly layers: number;
  readonly platform: string | null;
  /** null: an image or an artifact, not an index. */
  readonly children: readonly ChildFacts[] | null;
  readonly subject: string | null;
}

/** Raised when the facts mean something else: older ones are then read anew. */
const VERSION = 1;

export function toContent(facts: ManifestFacts): JsonObject {
  const { children, ...rest } = facts;
  return {
    v: VERSION,
    ...rest,
    children: children === null ? null : children.map((child) => ({ ...child })),
  };
}

/** null for facts of another version, or of another kind of content. */
export function fromContent(content: JsonObject | undefined): ManifestFacts | null {
  if (content === undefined || content['v'] !== VERSION || typeof content['mediaType'] !== 'string')
    return null;
  return content as unknown as ManifestFacts;
}
