import type { ContentFacts, JsonObject } from '#core';
import { inLanes } from './lanes.js';
import { fromContent, toContent, type ManifestFacts } from './manifest-facts.js';
import type { CheckedManifest, ManifestSource } from './manifest-source.js';

/** Digests asked for, or facts stored, in one call. */
const BATCH = 1_000;
/** Facts are stored while reading goes on, so that a scan that ends early has not read in vain. */
const STORE_AT = 250;
const LANES = 32;

export interface ContentRequest {
  readonly digests: Iterable<string>;
  /** Fetch what is not known yet. */
  readonly fetch: boolean;
  readonly signal: AbortSignal;
}

/** Facts of a repository's manifests: each manifest and its configuration fetched once ever, whoever asks, checked against its digest. */
export class ContentReader {
  private readonly unstored = new Map<string, JsonObject>();

  constructor(
    private readonly source: ManifestSource,
    private readonly content: ContentFacts,
  ) {}

  /** Facts by digest; null where there is no such manifest. What is neither known nor to be fetched is left out. */
  async read({ digests, fetch, signal }: ContentRequest): Promise<Map<string, ManifestFacts | null>> {
    const found = new Map<string, ManifestFacts | null>();
    const missing: string[] = [];
    for (const batch of batchesOf(digests)) {
      const known = await this.content.get(batch);
      for (const digest of batch) {
        const facts = fromContent(known.get(digest));
        if (facts === null) missing.push(digest);
        else found.set(digest, facts);
      }
    }
    if (fetch) await this.fetchAll(missing, found, signal);
    return found;
  }

  /** For a manifest that had to be fetched to learn its digest. */
  async keep({ digest, facts, final }: CheckedManifest): Promise<void> {
    if (!final) return;
    this.unstored.set(digest, toContent(facts));
    if (this.unstored.size >= STORE_AT) await this.store();
  }

  async store(): Promise<void> {
    if (this.unstored.size === 0) return;
    const facts = new Map(this.unstored);
    this.unstored.clear();
    await this.content.put(facts);
  }

  private async fetchAll(
    missing: readonly string[],
    found: Map<string, ManifestFacts | null>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await inLanes(missing, { lanes: LANES, signal }, async (digest, inner) => {
        const manifest = await this.source.fetch(digest, inner);
        found.set(digest, manifest?.facts ?? null);
        if (manifest !== null) await this.keep(manifest);
      });
    } finally {
      await this.store();
    }
  }
}

function* batchesOf(digests: Iterable<string>): Generator<string[]> {
  let batch: string[] = [];
  for (const digest of digests) {
    batch.push(digest);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
