import type { PointerFact, PointerFacts, Tag } from '#core';
import type { ObjectFacts } from './parse-object.js';

/** Facts that only the objects themselves tell. */
const IN_OBJECTS: readonly PointerFact[] = ['created', 'tagger', 'message', 'signed'];

export function factsInObjects(asked: ReadonlySet<PointerFact> | undefined): ReadonlySet<PointerFact> {
  return new Set(IN_OBJECTS.filter((fact) => asked?.has(fact) ?? false));
}

/** The tags with what their objects say, of the facts asked for; a tag whose object is not known stays as it is. */
export function addFacts(
  tags: readonly Tag[],
  objects: ReadonlyMap<string, ObjectFacts>,
  asked: ReadonlySet<PointerFact>,
): Tag[] {
  return tags.map((tag) => {
    const found = objects.get(tag.digest ?? '');
    if (found === undefined) return tag;
    const createdAt = asked.has('created') ? found.created : tag.createdAt;
    return { ...tag, createdAt, pointer: { ...tag.pointer, ...pointerFacts(found, asked) } };
  });
}

export function pointerFacts(found: ObjectFacts, asked: ReadonlySet<PointerFact>): PointerFacts {
  return {
    ...(asked.has('tagger') && found.tagger !== null ? { tagger: found.tagger } : {}),
    ...(asked.has('message') ? { message: found.message } : {}),
    ...(asked.has('signed') ? { signed: found.signed } : {}),
  };
}
