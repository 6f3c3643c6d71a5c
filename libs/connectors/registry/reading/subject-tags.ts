/**
 * Tags that say by their name what they are about: cosign's `sha256-<hex>.sig`, `.att`, `.sbom`
 * (https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md) and the referrers tag `sha256-<hex>` of registries without a referrers
 * API (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema).
 */
const SUBJECT_TAG = /^sha256-([a-f0-9]{64})(?:\.[a-z]{2,10})?$/;

/** The digests that tags are about. */
export function namedSubjects(tags: Iterable<string>): Set<string> {
  const subjects = new Set<string>();
  for (const tag of tags) {
    const hex = SUBJECT_TAG.exec(tag)?.[1];
    if (hex !== undefined) subjects.add(`sha256:${hex}`);
  }
  return subjects;
}
