import type { Resource } from '../model/resource.js';

/** What else holds, or hangs on, one manifest of a repository. */
export interface Holders {
  /** Other names of it. */
  readonly siblings: readonly string[];
  /** Indexes that list it: their names, or their digests where they have none. */
  readonly indexes: readonly string[];
  /** Signatures, attestations and the like that are about it. */
  readonly referrers: readonly string[];
  /** Nothing is missing that could hold it. */
  readonly isKnownWhole: boolean;
}

/** A name by which a referrer hangs on a manifest: cosign's, and the referrers tag schema of the OCI distribution specification 1.1. */
const HANGS_ON = /^(sha(?:256|512))-([0-9a-f]{64,128})(?:\.|$)/;

/** @param names that do not count as other names */
export function holdersOf({ tags, untagged }: Resource, digest: string, names: readonly string[]): Holders {
  const siblings: string[] = [];
  const indexes: string[] = [];
  const referrers: string[] = [];
  const own = new Set(names);
  // Indexes and signatures without a name hold content, too.
  let isKnownWhole = untagged !== undefined;
  for (const tag of tags) {
    const { name, pointer } = tag;
    if (own.has(name)) continue;
    if (pointer?.subject === digest || hangsOn(name) === digest) referrers.push(name);
    else if (tag.digest === digest) siblings.push(name);
    else if (pointer?.children?.includes(digest) === true) indexes.push(name);
    else if (tag.digest === null || pointer?.children === undefined) isKnownWhole = false;
  }
  for (const manifest of untagged ?? [])
    if (manifest.digest === digest)
      indexes.push(...manifest.heldBy.filter((holder) => !namedBy(tags, holder)));
  return { siblings, indexes, referrers, isKnownWhole };
}

function hangsOn(name: string): string | null {
  const match = HANGS_ON.exec(name);
  return match === null ? null : `${match[1] ?? ''}:${match[2] ?? ''}`;
}

const namedBy = (tags: Resource['tags'], digest: string): boolean =>
  tags.find((tag) => tag.digest === digest) !== undefined;
