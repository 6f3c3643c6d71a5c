import { digestOf, type Descriptor, type Manifest } from '../registry-content/index.js';
import { OciError } from './oci-error.js';

/**
 * What docker-registry 2.8 gives of a docker image to who does not accept its type: the same image in the old format, under a digest
 * that no tag has. Unsigned, unlike the real one. https://distribution.github.io/distribution/spec/deprecated-schema-v1/
 */
export function schema1Of({ bytes, blobs }: Manifest, name: string, tag: string) {
  const { config, layers } = JSON.parse(bytes.toString()) as {
    config: Descriptor;
    layers: readonly Descriptor[];
  };
  const image = JSON.parse(blobs.get(config.digest)?.toString() ?? '{}') as {
    architecture?: string;
    history?: readonly object[];
  };
  if (image.history?.length !== layers.length) throw new OciError(400, 'MANIFEST_INVALID', { detail: {} });
  const body = {
    schemaVersion: 1,
    name,
    tag,
    architecture: image.architecture,
    fsLayers: layers.map(({ digest }) => ({ blobSum: digest })).reverse(),
    history: image.history.map((step) => ({ v1Compatibility: JSON.stringify(step) })).reverse(),
  };
  const served = Buffer.from(JSON.stringify(body, null, 3));
  const mediaType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  return { mediaType, digest: digestOf(served), bytes: served };
}
