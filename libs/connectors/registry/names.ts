/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests: `<name>` and `<reference>`. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
/** https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests, the registered algorithms. */
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const LONGEST_REPOSITORY = 255;

/** Copies of our own that await their end or their return; nobody else's inventory. */
export const QUARANTINE_PREFIX = 'tagward-quarantine/';

export function isRepositoryName(text: string): boolean {
  return text.length <= LONGEST_REPOSITORY && REPOSITORY.test(text);
}

export function isTagName(text: string): boolean {
  return TAG.test(text);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}
