import type { Resource } from '#core';

const MOST_RESOURCES = 250;
const MOST_TAGS = 5_000;

/** Evaluation runs in slices so that it never holds the event loop for long. A resource with more tags than that is a slice by itself. */
export function* slicesOf(resources: readonly Resource[]): Generator<readonly Resource[]> {
  let slice: Resource[] = [];
  let tags = 0;
  for (const resource of resources) {
    const full = slice.length === MOST_RESOURCES || tags + resource.tags.length > MOST_TAGS;
    if (full && slice.length > 0) {
      yield slice;
      [slice, tags] = [[], 0];
    }
    slice.push(resource);
    tags += resource.tags.length;
  }
  if (slice.length > 0) yield slice;
}
