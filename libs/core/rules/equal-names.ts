import { hashText } from '../matchers/hash-text.js';
import { Repeats } from '../matchers/repeats.js';
import type { TagList } from '../model/resource.js';
import { PAUSE, type Pause } from './judge.js';

const TAGS_A_STEP = 2_000;

/**
 * Places of the tags that have a key in common, by key, in the order of the tags; those that share theirs with nobody are left out. Linear in the
 * tags; what is held of each is 12 bytes, so that a million names of which few are alike are no burden.
 *
 * @param keyOf null: the name is left out; pure
 */
export function* equalNames(
  tags: TagList,
  keyOf: (name: string) => string | null,
): Generator<Pause, ReadonlyMap<string, readonly number[]>, undefined> {
  const groups = new Map<string, number[]>();
  const mayRepeat = tags.length > TAGS_A_STEP ? yield* repeatedKeys(tags, keyOf) : () => true;
  for (let place = 0; place < tags.length; place += 1) {
    if (place % TAGS_A_STEP === TAGS_A_STEP - 1) yield PAUSE;
    if (!mayRepeat(place)) continue;
    const key = keyOf(tags.at(place)?.name ?? '');
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  for (const [key, places] of groups) if (places.length < 2) groups.delete(key);
  return groups;
}

/** Which places may have a key that another place has, too: all that do, and a few others. */
function* repeatedKeys(
  tags: TagList,
  keyOf: (name: string) => string | null,
): Generator<Pause, (place: number) => boolean, undefined> {
  const hashes = new Uint32Array(tags.length);
  const isKeyed = new Uint8Array(tags.length);
  const repeats = new Repeats(tags.length);
  for (const [place, { name }] of tags.entries()) {
    if (place % TAGS_A_STEP === TAGS_A_STEP - 1) yield PAUSE;
    const key = keyOf(name);
    if (key === null) continue;
    isKeyed[place] = 1;
    hashes[place] = hashText(key);
    repeats.add(hashes[place] ?? 0);
  }
  return (place) => isKeyed[place] === 1 && repeats.has(hashes[place] ?? 0);
}
