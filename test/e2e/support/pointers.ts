import type { Client } from './client.js';

/** A pointer as the API gives it. */
export interface ReadTag {
  readonly name: string;
  readonly digest: string;
  readonly peeled: string;
  readonly annotated: boolean;
}

const TAGS = `query ($target: ID!, $after: String) {
  tags(filter: { targetIds: [$target] }, first: 200, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { name digest peeled annotated } }
  }
}`;

/** Every tag of a target, page after page. */
export async function readTags(client: Client, target: string): Promise<ReadTag[]> {
  const read: ReadTag[] = [];
  for (let after: string | null = null; ;) {
    const { tags } = await client.data(TAGS, { target, after });
    for (const { node } of tags.edges) read.push({ ...node, peeled: node.peeled ?? node.digest });
    if (!tags.pageInfo.hasNextPage) return read;
    after = tags.pageInfo.endCursor;
  }
}
