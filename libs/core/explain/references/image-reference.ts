/** A reference to an image in its parts: https://github.com/distribution/reference/blob/main/reference.go */
export interface ImageReference {
  /** `registry.example:5000`; null when there is none. */
  readonly host: string | null;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** Names by which people call Docker Hub. */
const DOCKER_HUB = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

/** The tag that is meant when neither a tag nor a digest is written. */
const DEFAULT_TAG = 'latest';

/** Reads `nginx`, `nginx:1.2`, `docker.io/library/nginx@sha256:…`; null for what cannot be one. */
export function readImageReference(written: string): ImageReference | null {
  const [named = '', digest, ...more] = written.split('@');
  if (named === '' || more.length > 0) return null;
  const colon = named.lastIndexOf(':');
  const isTagged = colon > named.lastIndexOf('/');
  const tag = isTagged ? named.slice(colon + 1) : null;
  const path = isTagged ? named.slice(0, colon) : named;
  if (path === '' || tag === '' || digest === '') return null;
  const slash = path.indexOf('/');
  const first = slash === -1 ? '' : path.slice(0, slash);
  // A first part with a dot or a port, or `localhost`, is a host; else it is of the repository.
  const host = first === 'localhost' || /[.:]/.test(first) ? first : null;
  return {
    host,
    repository: host === null ? path : path.slice(slash + 1),
    // A digest says more than a tag beside it.
    tag: digest === undefined ? (tag ?? DEFAULT_TAG) : null,
    digest: digest ?? null,
  };
}

/** Repositories that may be meant, in a registry at this host, the likeliest first. */
export function repositoriesOf(
  { host, repository }: ImageReference,
  registry: string | null,
): readonly string[] {
  const official = repository.includes('/') ? [] : [`library/${repository}`];
  if (host === null) return [repository, ...official];
  const isHere =
    host === registry || (DOCKER_HUB.has(host) && (registry === null || DOCKER_HUB.has(registry)));
  // What looks like another host may still be the beginning of a repository's name.
  return isHere ? [repository, ...official, `${host}/${repository}`] : [`${host}/${repository}`];
}

/** An image's name as an engine writes it: without what stands for Docker Hub. */
export function familiarName({ host, repository }: ImageReference): string {
  if (host !== null && !DOCKER_HUB.has(host)) return `${host}/${repository}`;
  return repository.replace(/^library\/(?=[^/]+$)/, '');
}
