import { hashText } from '../matchers/hash-text.js';
import { paced, type Steps } from '../rules/steps.js';

const NO_SLOTS = new Uint32Array(0);

/** Which of very many items have the same digest, without holding one: 12 bytes an item. */
export class Digests {
  /** By item: the first that has the same digest; itself where it has none. */
  readonly firsts: Uint32Array;
  /** Needed to find firsts only. */
  private slots: Uint32Array;
  private ordered: Uint32Array | null = null;

  private constructor(
    length: number,
    private readonly digestAt: (index: number) => string | null,
  ) {
    this.firsts = new Uint32Array(length);
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(length * 2 + 2)));
  }

  static *of(length: number, digestAt: (index: number) => string | null): Steps<Digests> {
    const digests = new Digests(length, digestAt);
    yield* paced(length, (index) => digests.add(index));
    digests.slots = NO_SLOTS;
    return digests;
  }

  /** Every item with the digest of this one, in their order. */
  *sharing(index: number): Generator<number, void, undefined> {
    const first = this.firsts[index] ?? 0;
    const order = (this.ordered ??= this.inOrder());
    let [from, to] = [0, order.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.firsts[order[middle] ?? 0] ?? 0) < first) from = middle + 1;
      else to = middle;
    }
    for (let at = from; this.firsts[order[at] ?? -1] === first; at += 1) yield order[at] ?? 0;
  }

  private add(index: number): void {
    this.firsts[index] = index;
    const digest = this.digestAt(index);
    if (digest === null) return;
    const mask = this.slots.length - 1;
    for (let slot = hashText(digest) & mask; ; slot = (slot + 1) & mask) {
      const place = this.slots[slot] ?? 0;
      if (place === 0) {
        this.slots[slot] = index + 1;
        return;
      }
      if (this.digestAt(place - 1) !== digest) continue;
      this.firsts[index] = place - 1;
      return;
    }
  }

  /** Items by their first, by counting. */
  private inOrder(): Uint32Array {
    const { firsts } = this;
    const starts = new Uint32Array(firsts.length + 1);
    for (const first of firsts) starts[first + 1] = (starts[first + 1] ?? 0) + 1;
    for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
    const order = new Uint32Array(firsts.length);
    firsts.forEach((first, index) => {
      const at = starts[first] ?? 0;
      order[at] = index;
      starts[first] = at + 1;
    });
    return order;
  }
}
