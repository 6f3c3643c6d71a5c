import { digestOf } from './digest-of.js';
import { DOCKER, OCI, type ContentStyle } from './media-types.js';
import { LazyManifest, type Descriptor, type ImagePlatform, type Manifest } from './manifest.js';
import { tinyLayer } from './tiny-layer.js';

export interface ImageOptions {
  /** A text for each layer; the same text is the same layer. */
  readonly layers?: readonly string[];
  /** null: the config has no date. */
  readonly created?: Date | string | null;
  readonly platform?: ImagePlatform;
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** More of the config, or instead of what it would say: `{ config: { Labels: {…} } }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly style?: ContentStyle;
  /** What this refers to: it is then listed by the referrers API. */
  readonly subject?: Descriptor;
  readonly artifactType?: string;
}

const PLATFORM: ImagePlatform = { os: 'linux', architecture: 'amd64' };
const CREATED = '2024-05-06T07:08:09Z';

/** A valid image of tiny layers. The same options give the same digest. */
export function imageManifest(options: ImageOptions = {}): Manifest {
  const types = options.style === 'docker' ? DOCKER : OCI;
  const platform = options.platform ?? PLATFORM;
  return new LazyManifest(types.manifest, () => imageParts(options, platform), { platform });
}

function imageParts(options: ImageOptions, platform: ImagePlatform) {
  const { layers = ['tagward'], style = 'oci', annotations, subject, artifactType } = options;
  const types = style === 'docker' ? DOCKER : OCI;
  const made = layers.map(tinyLayer);
  const config = configOf(options, platform);
  const configDigest = digestOf(config);
  const blobs = new Map([[configDigest, config]]);
  for (const { digest, bytes } of made) blobs.set(digest, bytes);
  const content = {
    schemaVersion: 2,
    mediaType: types.manifest,
    ...(artifactType === undefined ? {} : { artifactType }),
    config: { mediaType: types.config, digest: configDigest, size: config.length },
    layers: made.map(({ digest, bytes }) => ({ mediaType: types.layer, digest, size: bytes.length })),
    ...(subject === undefined ? {} : { subject }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { content, blobs };
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
function configOf(options: ImageOptions, platform: ImagePlatform): Buffer {
  const { layers = ['tagward'], created = CREATED, config = {} } = options;
  const date = created instanceof Date ? created.toISOString() : created;
  return Buffer.from(
    JSON.stringify({
      ...(date === null ? {} : { created: date }),
      ...platform,
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map((text) => tinyLayer(text).diffId) },
      history: layers.map((text) => ({ ...(date === null ? {} : { created: date }), created_by: text })),
      ...config,
    }),
  );
}
