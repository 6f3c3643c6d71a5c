import { json, type Answer } from './answer.js';
import { OciError } from './oci-error.js';
import type { SandboxRepository } from './sandbox-repository.js';

export interface PageRequest {
  /** `/v2/_catalog`, for the link to the next page. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** So many when the client does not say, and never more. Left out: as docker-registry does. */
  readonly pageSize?: number | undefined;
}

interface PageSizes {
  readonly usual: number;
  readonly most: number;
  /** Who asks for more gets: the most, or a refusal. */
  readonly isRefused: boolean;
}

/** https://distribution.github.io/distribution/about/configuration/#catalog */
const CATALOG: PageSizes = { usual: 100, most: 1_000, isRefused: true };
const TAGS: PageSizes = { usual: Infinity, most: Infinity, isRefused: false };

/** https://distribution.github.io/distribution/spec/api/#catalog */
export function catalog(names: readonly string[], request: PageRequest): Answer {
  const { entries, headers } = page(names, request, CATALOG);
  return json({ repositories: entries }, headers);
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags: sorted by bytes, and null when there is none. */
export function tagList(name: string, repository: SandboxRepository | null, request: PageRequest): Answer {
  if (repository?.hasManifests !== true) throw new OciError(404, 'NAME_UNKNOWN', { detail: { name } });
  const { sortedTags } = repository;
  const { entries, headers } = page(sortedTags, request, TAGS);
  return json({ name, tags: sortedTags.length === 0 ? null : entries }, headers);
}

function page(sorted: readonly string[], { path, query, pageSize }: PageRequest, own: PageSizes) {
  const sizes = pageSize === undefined ? own : { usual: pageSize, most: pageSize, isRefused: false };
  const size = sizeOf(query.get('n'), sizes);
  const last = query.get('last');
  const from = last === null ? 0 : firstAfter(sorted, last);
  const entries = sorted.slice(from, from + size);
  const end = entries.at(-1);
  if (end === undefined || from + entries.length >= sorted.length) return { entries, headers: {} };
  const next = new URLSearchParams({ last: end, n: String(size) });
  return { entries, headers: { link: `<${path}?${next.toString()}>; rel="next"` } };
}

/** An `n` that is no count is passed over, as docker-registry does. */
function sizeOf(n: string | null, { usual, most, isRefused }: PageSizes): number {
  const asked = /^\d+$/.test(n ?? '') ? Number(n) : usual;
  if (isRefused && asked > most)
    throw new OciError(400, 'PAGINATION_NUMBER_INVALID', { detail: { n: asked } });
  return Math.min(asked, most);
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
