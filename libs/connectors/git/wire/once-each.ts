import { PackedTags } from './packed-tags.js';

/**
 * A server that lists in order lists nothing twice; for the others: each name once, at its first place. Names that came with different ids
 * are kept, and where they point is not known.
 */
export function onceEach(tags: PackedTags): { readonly tags: PackedTags; readonly contradictory: number } {
  const first = new Map<string, number>();
  const places = new Uint32Array(tags.length);
  const contradictory = new Set<number>();
  for (let index = 0; index < tags.length; index += 1) {
    const name = tags.nameAt(index);
    const known = first.get(name);
    if (known === undefined) {
      places[first.size] = index;
      first.set(name, index);
    } else if (!tags.agree(known, index)) contradictory.add(known);
  }
  for (const index of contradictory) tags.forget(index);
  const isOnceEach = first.size === tags.length;
  return {
    tags: isOnceEach ? tags : tags.only(places.slice(0, first.size)),
    contradictory: contradictory.size,
  };
}
