import type { Tag } from '#core';
import { cleanText } from '../connection/clean-text.js';
import { identity } from './identity.js';
import type { MergedResource } from './merge-resources.js';
import type { TagInput } from './tag-writer.js';

/** Tags of one part. */
export interface TagBatch {
  readonly partId: number;
  /** A resource and name is given once. */
  readonly inputs: readonly TagInput[];
}

/** Tags that one statement takes: some twenty milliseconds of making its texts. */
const TAGS_A_BATCH = 5_000;

/** The tags of the resources, made storable a batch at a time; of a name that comes twice the later one counts, if need be in a later batch. */
export function* tagBatches(
  resources: readonly MergedResource[],
  partIds: readonly number[],
  ids: readonly number[],
): Generator<TagBatch, void, undefined> {
  const byPart = new Map<number, Map<string, TagInput>>();
  for (const [i, { tags }] of resources.entries()) {
    const [partId, resourceId] = [partIds[i] ?? 0, ids[i] ?? 0];
    const batch = byPart.get(partId) ?? new Map<string, TagInput>();
    byPart.set(partId, batch);
    for (const list of tags) {
      for (const tag of list) {
        const input = storedTag(tag, resourceId);
        batch.set(`${resourceId} ${input.name}`, input);
        if (batch.size < TAGS_A_BATCH) continue;
        yield { partId, inputs: [...batch.values()] };
        batch.clear();
      }
    }
  }
  for (const [partId, batch] of byPart) if (batch.size > 0) yield { partId, inputs: [...batch.values()] };
}

function storedTag({ name, value, digest, createdAt, pointer }: Tag, resourceId: number): TagInput {
  const points = digest === null ? null : identity(digest);
  const peeled = pointer?.peeled === undefined ? null : identity(pointer.peeled);
  return {
    resourceId,
    name: identity(name),
    value: value === null ? null : cleanText(value),
    digest: points,
    createdAt,
    peeled: peeled === points ? null : peeled,
    annotated: pointer?.annotated ?? null,
  };
}
