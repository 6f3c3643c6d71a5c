/** https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md and https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

export const DOCKER = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

export type ContentStyle = 'oci' | 'docker';

export const MANIFEST_TYPES: readonly string[] = [OCI.manifest, OCI.index, DOCKER.manifest, DOCKER.index];
export const isIndexType = (mediaType: string): boolean =>
  mediaType === OCI.index || mediaType === DOCKER.index;
