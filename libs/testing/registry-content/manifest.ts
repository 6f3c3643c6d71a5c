import { digestOf } from './digest-of.js';

export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** How a manifest points at content. https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: ImagePlatform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** A manifest or an index with all that it needs, as it lies in a registry. */
export interface Manifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
  /** Config and layers by digest; those of an index are its children's. */
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** What an index lists. */
  readonly children: readonly Manifest[];
  /** What an index says of it, besides type, digest and size. */
  readonly listedAs: Pick<Descriptor, 'platform' | 'annotations'>;
}

/** What a manifest is made of. */
export interface ManifestParts {
  readonly content: object;
  readonly blobs?: ReadonlyMap<string, Buffer>;
  readonly children?: readonly Manifest[];
}

/** Nothing is made before it is asked for: thousands of images cost nothing until somebody reads them. */
export class LazyManifest implements Manifest {
  private made: (Required<ManifestParts> & { readonly bytes: Buffer; readonly digest: string }) | null = null;

  constructor(
    readonly mediaType: string,
    private readonly make: () => ManifestParts,
    readonly listedAs: Manifest['listedAs'] = {},
  ) {}

  get digest(): string {
    return this.parts().digest;
  }

  get bytes(): Buffer {
    return this.parts().bytes;
  }

  get blobs(): ReadonlyMap<string, Buffer> {
    return this.parts().blobs;
  }

  get children(): readonly Manifest[] {
    return this.parts().children;
  }

  private parts() {
    if (this.made !== null) return this.made;
    const { content, blobs = new Map(), children = [] } = this.make();
    const bytes = Buffer.from(JSON.stringify(content));
    this.made = { content, blobs, children, bytes, digest: digestOf(bytes) };
    return this.made;
  }
}

export function descriptorOf(manifest: Manifest): Descriptor {
  const { mediaType, digest, bytes, listedAs } = manifest;
  return { mediaType, digest, size: bytes.length, ...listedAs };
}
