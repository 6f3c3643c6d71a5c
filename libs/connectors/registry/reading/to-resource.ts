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

/** A repository as rules see it. */
export function toResource({ repository, tags, graph, untagged }: ReadRepository): Resource {
  const tagged = new Set(tags.values());
  return {
    scope: repository,
    resource: repository,
    resourceType: 'repository',
    createdAt: null,
    tags: [...tags].map(([name, digest]) => toTag(name, digest, graph)),
    ...(untagged ? { untagged: graph.untagged(tagged) } : {}),
    managedBy: null,
    facts: factsOf(tagged, graph),
  };
}

function toTag(name: string, digest: string, graph: ManifestGraph): Tag {
  const totals = graph.totalsOf(digest);
  const createdAt = dateOf(totals?.createdAt ?? null);
  return { name, value: null, digest, createdAt, pointer: pointerOf(digest, graph) };
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
