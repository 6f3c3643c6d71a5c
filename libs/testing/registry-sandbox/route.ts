export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'tags'; readonly repository: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'blob'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'uploads'; readonly repository: string }
  | { readonly kind: 'upload'; readonly repository: string; readonly id: string }
  | { readonly kind: 'referrers'; readonly repository: string; readonly digest: string };

/** docker-registry takes capitals in the path as well, and then knows no such repository. */
const NAME = '(?<repository>[A-Za-z0-9]+(?:[._/-]+[A-Za-z0-9]+)*)';
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]+';
const REPOSITORY_ROUTES: readonly (readonly [RegExp, (repository: string, last: string) => Route])[] = [
  [new RegExp(`^/v2/${NAME}/tags/list$`), (repository) => ({ kind: 'tags', repository })],
  [
    new RegExp(`^/v2/${NAME}/manifests/(?<last>${TAG}|${DIGEST})$`),
    (repository, reference) => ({ kind: 'manifest', repository, reference }),
  ],
  [new RegExp(`^/v2/${NAME}/blobs/uploads/?$`), (repository) => ({ kind: 'uploads', repository })],
  [
    new RegExp(`^/v2/${NAME}/blobs/uploads/(?<last>[A-Za-z0-9-]+)$`),
    (repository, id) => ({ kind: 'upload', repository, id }),
  ],
  [
    new RegExp(`^/v2/${NAME}/blobs/(?<last>${DIGEST})$`),
    (repository, digest) => ({ kind: 'blob', repository, digest }),
  ],
  [
    new RegExp(`^/v2/${NAME}/referrers/(?<last>${DIGEST})$`),
    (repository, digest) => ({ kind: 'referrers', repository, digest }),
  ],
];

/** The end points of https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#endpoints; null: there is no such path. */
export function routeOf(pathname: string): Route | null {
  if (pathname === '/v2/') return { kind: 'base' };
  if (pathname === '/v2/_catalog') return { kind: 'catalog' };
  for (const [pattern, make] of REPOSITORY_ROUTES) {
    const { repository, last = '' } = pattern.exec(pathname)?.groups ?? {};
    if (repository !== undefined) return make(repository, last);
  }
  return null;
}
