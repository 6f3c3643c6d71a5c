import { isAlias, isMap, isSeq, type Alias, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path, Place } from './document.js';
import { keyText } from './tree-reader.js';

/** Finds where a path is written by walking the nodes again: paths are asked for only when something is wrong. */
export class Places {
  private readonly indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(
    private readonly document: Document,
    private readonly targets: ReadonlyMap<Alias, Node>,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  /** @param atKey where the last key of the path is written, not its value */
  of(path: Path, atKey: boolean): Place | null {
    let node: unknown = this.document.contents;
    let key: unknown = null;
    let offset = offsetOf(node) ?? 0;
    for (const step of path) {
      if (isAlias(node)) node = this.targets.get(node);
      if (isMap(node)) {
        const pair = this.indexOf(node).get(String(step));
        if (pair === undefined) break;
        [key, node] = [pair.key, pair.value];
      } else if (isSeq(node) && typeof step === 'number') {
        if (step >= node.items.length) break;
        [key, node] = [null, node.items[step]];
      } else break;
      offset = offsetOf(node) ?? offsetOf(key) ?? offset;
    }
    return this.placeAt((atKey ? offsetOf(key) : undefined) ?? offset);
  }

  /** A key that is written twice is found where it is written first. */
  private indexOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.indexes.get(map);
    if (known !== undefined) return known;
    const made = new Map<string, Pair>();
    for (const pair of map.items) if (!made.has(keyText(pair))) made.set(keyText(pair), pair);
    this.indexes.set(map, made);
    return made;
  }
}

const offsetOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
