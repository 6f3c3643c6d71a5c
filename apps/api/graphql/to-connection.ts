import type { Page } from '#application';

/** A page as a Relay connection; `totalCount` stays a function, which graphql-js calls only when the field is asked for. */
export function toConnection<T>(page: Page<T>, after: string | null | undefined) {
  return {
    edges: page.edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after !== undefined && after !== null,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => page.totalCount(),
  };
}
