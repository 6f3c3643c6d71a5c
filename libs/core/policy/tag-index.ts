import { hashText } from '../matchers/hash-text.js';
import type { Tag, TagList } from '../model/resource.js';

/** Finds tags of a list by name, in 8 bytes a tag: names are unique within a list. */
export class TagIndex {
  /** Place in the list and one; 0: free. At least twice as many as there are tags. */
  private readonly slots: Uint32Array;
  private readonly mask: number;

  constructor(private readonly list: TagList) {
    const size = 2 ** Math.ceil(Math.log2(list.length * 2 + 2));
    this.slots = new Uint32Array(size);
    this.mask = size - 1;
    for (const [index, { name }] of list.entries()) {
      let slot = hashText(name) & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = index + 1;
    }
  }

  find(name: string): Tag | undefined {
    for (let slot = hashText(name) & this.mask; ; slot = (slot + 1) & this.mask) {
      const place = this.slots[slot] ?? 0;
      if (place === 0) return undefined;
      const tag = this.list.at(place - 1);
      if (tag?.name === name) return tag;
    }
  }
}
