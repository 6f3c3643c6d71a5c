import type { PointerFacts, Tag } from '../model/resource.js';
import type { GivenTag } from './rule-pack.js';
import type { WrittenPointer } from './schema/pointer-schema.js';

type WrittenFacts = Omit<Exclude<WrittenPointer, string>, 'name' | 'digest' | 'created'>;

/** A name alone, or a name with facts. */
export function readPointer(tag: WrittenPointer): GivenTag {
  const { name, digest, created, ...facts } = typeof tag === 'string' ? { name: tag } : tag;
  return {
    name,
    value: null,
    digest: digest ?? null,
    created: created ?? null,
    facts: pointerFacts(facts),
  };
}

/** What somebody wrote of a tag, as rules see it. */
export function tagOf({ name, value, digest, created, facts }: GivenTag): Tag {
  const tag = { name, value, digest, createdAt: created };
  return value === null ? { ...tag, pointer: facts } : tag;
}

/** Facts by the names of the model; what is not written is not known. */
function pointerFacts(written: WrittenFacts): PointerFacts {
  const { pushed, tagPushed, pulled, firstSeen, elsewhere, ...same } = written;
  const named = { pushedAt: pushed, tagPushedAt: tagPushed, pulledAt: pulled, firstSeenAt: firstSeen };
  const other = elsewhere && Object.entries(elsewhere).map(([target, digest]) => ({ target, digest }));
  const known = Object.entries({ ...same, ...named, elsewhere: other }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(known);
}
