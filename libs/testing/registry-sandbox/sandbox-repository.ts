import type { Manifest, RepositoryContent } from '../registry-content/index.js';

/** One repository: what its tags point at, and what lies there with or without a tag. */
export class SandboxRepository {
  hasManifests: boolean;
  private readonly tags: Map<string, Manifest>;
  /** A registry keeps blobs whatever becomes of the manifests that name them. */
  private blobs: Map<string, Buffer> | null = null;
  private known: Map<string, Manifest> | null = null;
  private sorted: readonly string[] | null = null;

  /** null: made by a push that has brought blobs only. Such a repository is in the catalog and has no list of tags. */
  constructor(private readonly initial: RepositoryContent | null) {
    this.tags = new Map(Object.entries(initial?.tags ?? {}));
    this.hasManifests = initial !== null;
  }

  /** By digest; made when first asked for, so that a list of tags hashes nothing. */
  get manifests(): ReadonlyMap<string, Manifest> {
    return this.byDigest();
  }

  /** By their bytes. */
  get sortedTags(): readonly string[] {
    this.sorted ??= [...this.tags.keys()].sort();
    return this.sorted;
  }

  tagged(tag: string): Manifest | null {
    return this.tags.get(tag) ?? null;
  }

  put(manifest: Manifest, tag: string | null): void {
    addAll(this.byDigest(), manifest);
    for (const [digest, bytes] of manifest.blobs) this.allBlobs().set(digest, bytes);
    this.hasManifests = true;
    if (tag === null) return;
    this.tags.set(tag, manifest);
    this.sorted = null;
  }

  /** The tag only. False: there is no such tag. */
  removeTag(tag: string): boolean {
    // What it points at stays, so it has to be known before the tag is gone.
    this.byDigest();
    this.sorted = null;
    return this.tags.delete(tag);
  }

  /** With every tag on it, as docker-registry does. False: there is no such manifest. */
  removeManifest(digest: string): boolean {
    this.allBlobs();
    if (!this.byDigest().delete(digest)) return false;
    for (const [tag, manifest] of this.tags) if (manifest.digest === digest) this.tags.delete(tag);
    this.sorted = null;
    return true;
  }

  blob(digest: string): Buffer | null {
    return this.allBlobs().get(digest) ?? null;
  }

  addBlob(digest: string, bytes: Buffer): void {
    this.allBlobs().set(digest, bytes);
  }

  removeBlob(digest: string): boolean {
    return this.allBlobs().delete(digest);
  }

  private allBlobs(): Map<string, Buffer> {
    this.blobs ??= new Map([...this.byDigest().values()].flatMap(({ blobs }) => [...blobs]));
    return this.blobs;
  }

  private byDigest(): Map<string, Manifest> {
    if (this.known !== null) return this.known;
    this.known = new Map();
    for (const manifest of [...new Set(this.tags.values()), ...(this.initial?.extra ?? [])])
      addAll(this.known, manifest);
    return this.known;
  }
}

function addAll(known: Map<string, Manifest>, manifest: Manifest): void {
  known.set(manifest.digest, manifest);
  for (const child of manifest.children) addAll(known, child);
}
