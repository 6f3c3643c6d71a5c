import type { JsonObject, PointerFacts, Resource, Tag } from '#core';
import { dateOf, type ManifestGraph } from './manifest-graph.js';

export interface ReadRepository {
  readonly repository: string;
  /** Where each tag points, in the registry's order. */
  readonly tags: ReadonlyMap<string, string>;
  readonly graph: ManifestGraph;
  /** Everything that can be seen without a tag was looked for. */
  readonly untagged: boolean;
}

type TagFacts = Pick<Tag, 'createdAt'> & { readonly pointer: PointerFacts };
const NOTHING: TagFacts = { createdAt: null, pointer: {} };

/** A repository as rules see it. */
export function toResource({ repository, tags, graph, untagged }: ReadRepository): Resource {
  const tagged = new Set(tags.values());
  const facts = factsByDigest(tagged, graph);
  return {
    scope: repository,
    resource: repository,
    resourceType: 'repository',
    createdAt: null,
    tags: [...tags].map(([name, digest]): Tag => ({
      name,
      value: null,
      digest,
      ...NOTHING,
      ...facts.get(digest),
    })),
    ...(untagged ? { untagged: graph.untagged(tagged) } : {}),
    managedBy: null,
    facts: factsOf(tagged, graph),
  };
}

/** Siblings share what is known of their digest. */
function factsByDigest(digests: Iterable<string>, graph: ManifestGraph): Map<string, TagFacts> {
  const facts = new Map<string, TagFacts>();
  for (const digest of digests) {
    const createdAt = dateOf(graph.totalsOf(digest)?.createdAt ?? null);
    facts.set(digest, { createdAt, pointer: pointerOf(digest, graph) });
  }
  return facts;
}

/** Facts that were not read are left out: no rule takes them for none. */
function pointerOf(digest: string, graph: ManifestGraph): PointerFacts {
  const facts = graph.manifests.get(digest);
  const totals = graph.totalsOf(digest);
  if (facts === undefined || facts === null || totals === null) return {};
  return {
    children: facts.children?.map((child) => child.digest) ?? [],
    subject: facts.subject,
    ...(totals.bytes === null ? {} : { bytes: totals.bytes }),
    layers: totals.layers,
  };
}

/** Sums over manifests that were read, each counted once; layers that manifests share are counted for each: logical bytes. */
function factsOf(tagged: ReadonlySet<string>, { manifests }: ManifestGraph): JsonObject {
  const read = [...manifests.values()].filter((facts) => facts !== null);
  if (read.length < tagged.size) return { manifests: tagged.size };
  return {
    manifests: read.length,
    bytes: read.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    children: read.reduce((sum, { children }) => sum + (children?.length ?? 0), 0),
    undated: [...tagged].filter((digest) => manifests.get(digest)?.createdAt === null).length,
  };
}
