import type { Columns } from './columns.js';
import { GroupDates } from './dates.js';
import { Items, type Group } from './item.js';
import type { Retention } from './retention.js';

const [OUTSIDE, , DECIDED] = [0, 1, 2];
/** More than there are candidates: two numbers in one. */
const SHIFT = 2 ** 26;

/**
 * The groups of what the rule may decide. In unit `manifest` the tags of one digest are one item in each group that they are
 * of, and a digest with a tag that is held or outside is no item at all: it stays, and takes no place that another one could have.
 */
export function* groupsOf(columns: Columns, unit: Retention['unit']): Generator<Group, void, undefined> {
  const { groups, standings, groupNames } = columns;
  const starts = new Uint32Array(groupNames.length + 1);
  for (let index = 0; index < groups.length; index += 1) {
    if (standings[index] === OUTSIDE) continue;
    const after = (groups[index] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const places = starts.slice();
  const all = new Uint32Array(starts.at(-1) ?? 0);
  for (let index = 0; index < groups.length; index += 1) {
    if (standings[index] === OUTSIDE) continue;
    const group = groups[index] ?? 0;
    const at = places[group] ?? 0;
    all[at] = index;
    places[group] = at + 1;
  }
  const itemsOf = unit === 'tag' ? tagItems : manifestItems(columns);
  for (const [number, name] of groupNames.entries()) {
    const selected = all.subarray(starts[number], starts[number + 1]);
    const decided = selected.filter((index) => standings[index] === DECIDED);
    const items = itemsOf(decided);
    if (items.length > 0) yield { name, items, selected, dates: new GroupDates(columns, selected), columns };
  }
}

const tagItems = (decided: Uint32Array): Items => new Items(decided, null);

function manifestItems({ standings, digests, candidates }: Columns): (decided: Uint32Array) => Items {
  const { firsts } = digests;
  const isHeld = new Uint8Array(firsts.length);
  standings.forEach((standing, index) => {
    if (standing !== DECIDED) isHeld[firsts[index] ?? 0] = 1;
  });
  return (decided) => {
    const going = decided.filter(
      (index) => isHeld[firsts[index] ?? 0] === 0 && candidates.at(index)?.digest !== null,
    );
    // Those of one digest side by side, in their order.
    const keys = Float64Array.from(going, (index) => (firsts[index] ?? 0) * SHIFT + index).sort();
    const members = Uint32Array.from(keys, (key) => key % SHIFT);
    const ends: number[] = [];
    members.forEach((index, at) => {
      const next = members[at + 1];
      if (next === undefined || firsts[next] !== firsts[index]) ends.push(at + 1);
    });
    return new Items(members, Uint32Array.from(ends));
  };
}
