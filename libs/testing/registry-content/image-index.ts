import { DOCKER, OCI, type ContentStyle } from './media-types.js';
import { descriptorOf, LazyManifest, type Descriptor, type Manifest } from './manifest.js';

export interface IndexOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  /** `docker`: a manifest list. */
  readonly style?: ContentStyle;
  readonly subject?: Descriptor;
  /** Listed as they are, whether or not there is such content: for indexes that are broken. */
  readonly dangling?: readonly Descriptor[];
}

/** An index over these, in their order. */
export function imageIndex(children: readonly Manifest[], options: IndexOptions = {}): Manifest {
  const { annotations, style = 'oci', subject, dangling = [] } = options;
  const mediaType = style === 'docker' ? DOCKER.index : OCI.index;
  return new LazyManifest(mediaType, () => ({
    content: {
      schemaVersion: 2,
      mediaType,
      manifests: [...children.map(descriptorOf), ...dangling],
      ...(subject === undefined ? {} : { subject }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    blobs: new Map(children.flatMap(({ blobs }) => [...blobs])),
    children,
  }));
}
