import { json, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { SandboxRepository } from './sandbox-repository.js';

export interface PageRequest {
  /** `/v2/_catalog`, for the link to the next page. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** So many when the client does not say, and never more. */
  readonly most: number;
}

/** What docker-registry gives at once of its catalog. */
export const CATALOG_PAGE = 100;

/** https://distribution.github.io/distribution/spec/api/#catalog */
export function catalog(names: readonly string[], request: PageRequest): Answer {
  const { entries, headers } = page(names, request);
  return json({ repositories: entries }, headers);
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags: sorted by bytes, and null when there is none. */
export function tagList(name: string, repository: SandboxRepository | null, request: PageRequest): Answer {
  if (repository?.hasManifests !== true) throw new OciError(404, 'NAME_UNKNOWN', { detail: { name } });
  const { sortedTags } = repository;
  const { entries, headers } = page(sortedTags, request);
  return json({ name, tags: sortedTags.length === 0 ? null : entries }, headers);
}

/** A client's `n` that is no count is passed over, as docker-registry does. */
function page(sorted: readonly string[], { path, query, most }: PageRequest) {
  const asked = Number(query.get('n') ?? NaN);
  const size = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, most) : most;
  const last = query.get('last');
  const from = last === null ? 0 : firstAfter(sorted, last);
  const entries = sorted.slice(from, from + size);
  const end = entries.at(-1);
  if (end === undefined || from + entries.length >= sorted.length) return { entries, headers: {} };
  const next = new URLSearchParams({ last: end, n: String(size) });
  return { entries, headers: { link: `<${path}?${next.toString()}>; rel="next"` } };
}

function firstAfter(sorted: readonly string[], last: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}
