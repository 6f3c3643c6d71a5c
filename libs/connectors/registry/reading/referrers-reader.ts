import { z } from 'zod';
import { PATIENT } from '#connector-kit';
import { MANIFEST_LIMITS } from '../client/limits.js';
import { nextLink } from '../client/link-header.js';
import type { RegistryClient } from '../client/registry-client.js';
import { wordOf } from '../client/reply-word.js';
import { parseSmallJson } from '../client/small-json.js';
import { badReply, statusFault } from '../errors.js';
import { isDigest } from '../names.js';
import { inLanes } from './lanes.js';

const LANES = 32;
const MOST_REFERRERS = 10_000;
const MOST_PAGES = 100;
const list = z.looseObject({
  manifests: z.array(z.looseObject({ digest: z.string().refine(isDigest) })).max(MOST_REFERRERS),
});

interface Page {
  readonly digests: readonly string[];
  readonly next: string | null;
}

/** What a registry's referrers API says is about a manifest; registries without that API have tags for it instead. */
export class ReferrersReader {
  /** The registry has said that it has no such API. */
  private unsupported = false;

  constructor(private readonly client: RegistryClient) {}

  /** Manifests that are about any of these. One request for each of them, where there is the API. */
  async of(repository: string, digests: readonly string[], signal: AbortSignal): Promise<Set<string>> {
    const found = new Set<string>();
    await inLanes(digests, { lanes: LANES, signal }, async (digest, inner) => {
      if (this.unsupported) return;
      for (const referrer of await this.about(repository, digest, inner)) found.add(referrer);
    });
    return found;
  }

  private async about(repository: string, digest: string, signal: AbortSignal): Promise<readonly string[]> {
    const found: string[] = [];
    const path = `/v2/${repository}/referrers/${digest}`;
    const place = this.client.place(`the referrers of ${repository}@${digest.slice(0, 19)}…`);
    const asked = new Set<string>();
    for (let query: string | null = ''; query !== null;) {
      if (asked.has(query) || asked.size >= MOST_PAGES) throw badReply(place, 'with pages that do not end');
      asked.add(query);
      const page: Page | null = await this.page({ repository, path: `${path}${query}`, signal });
      if (page === null) return found;
      found.push(...page.digests);
      if (found.length > MOST_REFERRERS) throw badReply(place, `with more than ${MOST_REFERRERS} of them`);
      const next: URL | null =
        page.next === null ? null : URL.parse(page.next, `${this.client.origin}${path}`);
      if (page.next !== null && next?.origin !== this.client.origin)
        throw badReply(place, 'with a link to its next page that leads to another host');
      query = next?.search ?? null;
    }
    return found;
  }

  /** null: there is no such API. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
  private async page(asked: {
    readonly repository: string;
    readonly path: string;
    readonly signal: AbortSignal;
  }): Promise<Page | null> {
    const { repository, path, signal } = asked;
    const place = this.client.place(`the referrers in ${repository}`);
    return this.client.exchange({
      ...{ method: 'GET', path, what: place.what, scope: `repository:${repository}:pull`, signal },
      ...{ accept: 'application/vnd.oci.image.index.v1+json', limits: MANIFEST_LIMITS, attempts: PATIENT },
      read: async (reply) => {
        const isFirst = !path.includes('?');
        if (isFirst && (reply.status === 404 || reply.status === 405 || reply.status === 501)) {
          this.unsupported = true;
          await reply.discard();
          return null;
        }
        if (reply.status !== 200) throw statusFault(reply.status, place, await wordOf(reply));
        const parsed = list.safeParse(parseSmallJson(await reply.bytes(), place));
        if (!parsed.success) throw badReply(place, 'as something that is no list of manifests');
        return {
          digests: parsed.data.manifests.map(({ digest }) => digest),
          next: nextLink(reply.headers('link')),
        };
      },
    });
  }
}
