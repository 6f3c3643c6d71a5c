import { HygieneError, type ContentFacts, type PointerFact, type Resource } from '#core';
import { PullBudget } from '../client/pull-budget.js';
import type { RegistryClient } from '../client/registry-client.js';
import { badReply } from '../errors.js';
import { ContentReader } from './content-reader.js';
import { ManifestGraph } from './manifest-graph.js';
import { ManifestSource } from './manifest-source.js';
import { readTagNames, resolveTags } from './read-tags.js';
import { ReferrersReader } from './referrers-reader.js';
import { namedSubjects } from './subject-tags.js';
import { toResource } from './to-resource.js';

/** Index in index in index in index. */
const DEEPEST = 4;
const MOST_MANIFESTS = 500_000;
/** A tag whose manifest has gone was most likely moved a moment ago. */
const LOOKS_AGAIN = 2;

export interface RepositoryRequest {
  readonly repository: string;
  readonly facts: ReadonlySet<PointerFact>;
  readonly signal: AbortSignal;
}

/** Reads repositories whole. */
export class RepositoryReader {
  private readonly budget = new PullBudget();
  private readonly referrers: ReferrersReader;

  constructor(
    private readonly client: RegistryClient,
    private readonly content: ContentFacts,
    private readonly manners: {
      /** Manifests are fetched only when a rule asks for what they say. */
      readonly sparing: boolean;
    },
  ) {
    this.referrers = new ReferrersReader(client);
  }

  /**
   * Every tag with its digest, its manifest and the dates of that. All of it or nothing: a fault of one tag throws, since a repository
   * without one of its tags would be judged wrongly.
   */
  async read({ repository, facts, signal }: RepositoryRequest): Promise<Resource> {
    const source = new ManifestSource(this.client, repository, this.budget);
    const content = new ContentReader(source, this.content);
    const names = await readTagNames(this.client, repository, signal);
    const tags = await resolveTags(names, { source, content }, signal);
    const asked = facts.has('created') || facts.has('manifest') || facts.has('untagged');
    const fetch = asked || !this.manners.sparing;
    const reading = new Reading(this.client, repository, { source, content, fetch, signal });
    await reading.findMissing(names, tags);
    await reading.readTagged(tags);
    await reading.readChildren(new Set(tags.values()));
    if (facts.has('untagged')) await reading.readUntagged(names, this.referrers);
    return toResource({ repository, tags, graph: reading.graph, untagged: facts.has('untagged') });
  }
}

interface Means {
  readonly source: ManifestSource;
  readonly content: ContentReader;
  readonly fetch: boolean;
  readonly signal: AbortSignal;
}

/** One repository's manifests, from its tags on. */
class Reading {
  readonly graph = new ManifestGraph();

  constructor(
    private readonly client: RegistryClient,
    private readonly repository: string,
    private readonly means: Means,
  ) {}

  /** A tag without a manifest has gone since it was listed; one that is listed still is broken, and nobody knows where it points. */
  async findMissing(names: readonly string[], tags: Map<string, string>): Promise<void> {
    const missing = names.filter((name) => !tags.has(name));
    if (missing.length === 0) return;
    const { signal } = this.means;
    const listed = new Set(await readTagNames(this.client, this.repository, signal));
    const still = missing.filter((name) => listed.has(name));
    for (const [name, digest] of await resolveTags(still, this.means, signal)) tags.set(name, digest);
    const broken = still.find((name) => !tags.has(name));
    if (broken !== undefined)
      throw this.fault(`with the tag ${broken}, which it lists and has no manifest for`);
  }

  /** Takes tags out of the map that have gone meanwhile, and follows those that were moved. */
  async readTagged(tags: Map<string, string>): Promise<void> {
    for (let look = 0; look <= LOOKS_AGAIN; look += 1) {
      await this.read(new Set([...tags.values()].filter((digest) => !this.graph.manifests.get(digest))));
      const lost = [...tags].filter(([, digest]) => this.graph.manifests.get(digest) === null);
      if (lost.length === 0) return;
      const names = lost.map(([name]) => name);
      for (const name of names) tags.delete(name);
      for (const [name, digest] of await resolveTags(names, this.means, this.means.signal)) {
        if (lost.some(([lostName, before]) => lostName === name && before === digest))
          throw this.fault(`with the tag ${name}, whose manifest it does not have`);
        tags.set(name, digest);
      }
    }
    throw this.fault('with tags that kept moving while they were read');
  }

  async readChildren(from: ReadonlySet<string>): Promise<void> {
    let level: Iterable<string> = from;
    for (let depth = 1; ; depth += 1) {
      const unseen = this.graph.unseenChildren(level);
      if (unseen.size === 0) return;
      if (depth > DEEPEST) throw this.fault(`with indexes nested deeper than ${DEEPEST}`);
      await this.read(unseen);
      if (!this.means.fetch) return;
      level = unseen;
    }
  }

  /** What tags and manifests say they are about, and what says it is about them. */
  async readUntagged(names: readonly string[], referrers: ReferrersReader): Promise<void> {
    const { repository, means, graph } = this;
    const seen = [...graph.manifests].flatMap(([digest, facts]) => (facts === null ? [] : [digest]));
    const about = await referrers.of(repository, seen, means.signal);
    await this.readAlso([...namedSubjects(names), ...about]);
    await this.readAlso(graph.unseenSubjects());
  }

  private async readAlso(digests: Iterable<string>): Promise<void> {
    const unseen = new Set([...digests].filter((digest) => !this.graph.manifests.has(digest)));
    await this.read(unseen);
    await this.readChildren(unseen);
  }

  private async read(digests: ReadonlySet<string>): Promise<void> {
    if (this.graph.manifests.size + digests.size > MOST_MANIFESTS)
      throw this.fault(`with more than ${MOST_MANIFESTS} manifests`);
    const { content, fetch, signal } = this.means;
    this.graph.add(await content.read({ digests, fetch, signal }));
  }

  private fault(how: string): HygieneError {
    return badReply(this.client.place(`the repository ${this.repository}`), how);
  }
}
