const OCI = 'application/vnd.oci.image';
const DOCKER = 'application/vnd.docker.distribution.manifest';

export const SIGNED_SCHEMA_1 = `${DOCKER}.v1+prettyjws`;

/**
 * Sent with every request for a manifest: without it, registries translate (another digest!) or refuse what they hold. Signed schema 1
 * comes last, for images that were pushed before 2016.
 */
export const MANIFEST_ACCEPT = [
  `${OCI}.index.v1+json`,
  `${OCI}.manifest.v1+json`,
  `${DOCKER}.list.v2+json`,
  `${DOCKER}.v2+json`,
  'application/vnd.oci.artifact.manifest.v1+json',
  `${SIGNED_SCHEMA_1};q=0.5`,
].join(', ');

/** Configurations that have a `created` to be read; what artifacts carry instead is theirs, and is not fetched. */
export const IMAGE_CONFIGS: ReadonlySet<string> = new Set([
  `${OCI}.config.v1+json`,
  'application/vnd.docker.container.image.v1+json',
]);
