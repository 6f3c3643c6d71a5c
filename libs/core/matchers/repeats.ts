/**
 * Which of very many hashes came more than once: two sets of bits, 8 bytes for each hash expected. It may take one for repeated that is not
 * (one in thirty), never the other way round.
 */
export class Repeats {
  private readonly seen: Uint32Array;
  private readonly again: Uint32Array;
  private readonly mask: number;

  constructor(expected: number) {
    const bits = 2 ** Math.min(31, Math.max(10, Math.ceil(Math.log2(expected * 32 + 1))));
    this.seen = new Uint32Array(bits / 32);
    this.again = new Uint32Array(bits / 32);
    this.mask = bits - 1;
  }

  add(hash: number): void {
    const word = (hash & this.mask) >>> 5;
    const bit = 1 << (hash & 31);
    if (((this.seen[word] ?? 0) & bit) !== 0) this.again[word] = (this.again[word] ?? 0) | bit;
    else this.seen[word] = (this.seen[word] ?? 0) | bit;
  }

  has(hash: number): boolean {
    return ((this.again[(hash & this.mask) >>> 5] ?? 0) & (1 << (hash & 31))) !== 0;
  }
}
