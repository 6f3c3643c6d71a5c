import type { PointerFacts } from '../model/resource.js';
import { dotted, type SourceDocument } from './document/document.js';
import type { GivenTag, PackTest } from './rule-pack.js';
import type { WrittenTest } from './schema/pack-schema.js';

type WrittenTags = NonNullable<WrittenTest['given']['tags']>;
type WrittenPointer = Exclude<Extract<WrittenTags, readonly unknown[]>[number], string>;
type WrittenFacts = Omit<WrittenPointer, 'name' | 'digest' | 'created'>;

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
  return tags.map((tag): GivenTag => {
    const { name, digest, created, ...facts } = typeof tag === 'string' ? { name: tag } : tag;
    return {
      name,
      value: null,
      digest: digest ?? null,
      created: created ?? null,
      facts: pointerFacts(facts),
    };
  });
}

/** The facts of a case by the names of the model; what is not written is not known. */
function pointerFacts(written: WrittenFacts): PointerFacts {
  const { pushed, tagPushed, pulled, firstSeen, elsewhere, ...same } = written;
  const named = { pushedAt: pushed, tagPushedAt: tagPushed, pulledAt: pulled, firstSeenAt: firstSeen };
  const other = elsewhere && Object.entries(elsewhere).map(([target, digest]) => ({ target, digest }));
  const known = Object.entries({ ...same, ...named, elsewhere: other }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(known);
}
