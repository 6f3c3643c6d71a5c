import type { Page } from '#application';

/** A page as a Relay connection; `totalCount` is counted when the field is read, and so only when it is asked for. */
export function toConnection<T>(page: Page<T>, after: string | null | undefined) {
  return {
    edges: page.edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after !== undefined && after !== null,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
    get totalCount() {
      return page.totalCount();
    },
  };
}
