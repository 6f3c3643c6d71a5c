import { GroupDates } from './dates.js';
import type { Group, Item } from './item.js';
import type { Candidate, Retention } from './retention.js';

/**
 * Puts what the rule may decide into groups. In unit `manifest` the tags of one digest are one item in each group that they are
 * of, and a digest with a tag that is held or outside is no item at all: it stays, and takes no place that another one could have.
 */
export function groupsOf(candidates: readonly Candidate[], unit: Retention['unit']): Group[] {
  const held = unit === 'manifest' ? heldDigests(candidates) : new Set<string | null>();
  const selected = new Map<string | null, Candidate[]>();
  const items = new Map<string | null, Item[]>();
  const manifests = new Map<string | null, Map<string, Candidate[]>>();
  for (const candidate of candidates) {
    const { standing, group, digest } = candidate;
    if (standing === 'outside') continue;
    append(selected, group, candidate);
    if (standing === 'held' || held.has(digest)) continue;
    if (unit === 'tag') append(items, group, { members: [candidate] });
    else if (digest !== null) {
      const ofGroup = manifests.get(group) ?? new Map<string, Candidate[]>();
      manifests.set(group, ofGroup);
      append(ofGroup, digest, candidate);
    }
  }
  for (const [group, digests] of manifests) {
    for (const members of digests.values()) append(items, group, { members });
  }
  return [...items].map(([name, list]) => {
    const all = selected.get(name) ?? [];
    return { name, items: list, selected: all, dates: new GroupDates(all) };
  });
}

function heldDigests(candidates: readonly Candidate[]): Set<string | null> {
  const held = candidates.filter(({ standing }) => standing !== 'decided');
  return new Set(held.map(({ digest }) => digest));
}

function append<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
