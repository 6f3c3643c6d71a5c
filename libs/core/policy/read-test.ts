import { dotted, type SourceDocument } from './document/document.js';
import { readPointer } from './given-tag.js';
import type { GivenTag, PackTest } from './rule-pack.js';
import type { WrittenTest } from './schema/pack-schema.js';

type WrittenTags = NonNullable<WrittenTest['given']['tags']>;

export function readTest(document: SourceDocument, written: WrittenTest, index: number): PackTest {
  const path = ['tests', index];
  const place = document.placeOf(path);
  const { given } = written;
  return {
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: dotted(path) ?? '',
    now: written.now ?? null,
    platform: given.platform,
    target: given.target ?? '',
    scope: given.scope ?? '',
    resource: given.resource ?? '',
    resourceType: given.resourceType ?? '',
    given: readTags(given.tags ?? {}),
    facts: given.facts ?? {},
    only: written.only ?? null,
    expect: written.expect?.map(({ rule, tag, blocked }) => ({ rule, tag, blocked })) ?? null,
    after: written.after === undefined ? null : new Map(Object.entries(written.after)),
    notEvaluated: written.notEvaluated ?? null,
  };
}

function readTags(tags: WrittenTags): GivenTag[] {
  if (!Array.isArray(tags)) {
    return Object.entries(tags).map(([name, value]) => ({
      name,
      value,
      digest: null,
      created: null,
      facts: {},
    }));
  }
  return tags.map(readPointer);
}
