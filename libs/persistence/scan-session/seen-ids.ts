const FIRST_CHUNK = 64;
const LARGEST_CHUNK = 65_536;

/** Row ids that a scan saw, in typed arrays: 8 bytes a row, 16 for the moment in which they are put in order. */
export class SeenIds {
  private chunks: Float64Array[] = [];
  /** Ids in the last chunk; the others are full. */
  private filled = 0;
  private size = 0;
  private ordered = true;

  add(ids: readonly number[]): void {
    for (const id of ids) {
      let chunk = this.chunks.at(-1);
      if (chunk === undefined || this.filled === chunk.length) {
        chunk = new Float64Array(Math.min(Math.max(this.size, FIRST_CHUNK), LARGEST_CHUNK));
        this.chunks.push(chunk);
        this.filled = 0;
      }
      chunk[this.filled++] = id;
      this.size += 1;
    }
    if (ids.length > 0) this.ordered = false;
  }

  /** What its arrays hold. */
  get bytes(): number {
    return this.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Ascending, each once. Valid until the next `add`. */
  sorted(): Float64Array {
    const [only] = this.chunks;
    if (this.ordered) return only ?? new Float64Array(0);
    const all = new Float64Array(this.size);
    let offset = 0;
    for (const chunk of this.chunks) {
      all.set(chunk.subarray(0, Math.min(chunk.length, this.size - offset)), offset);
      offset += chunk.length;
    }
    this.chunks = [];
    const distinct = withoutRepeats(all.sort());
    this.chunks = [distinct];
    this.filled = distinct.length;
    this.size = distinct.length;
    this.ordered = true;
    return distinct;
  }
}

function withoutRepeats(ascending: Float64Array): Float64Array {
  let kept = 0;
  for (let i = 0; i < ascending.length; i++) {
    const id = ascending[i] ?? 0;
    if (kept === 0 || ascending[kept - 1] !== id) ascending[kept++] = id;
  }
  return kept === ascending.length ? ascending : ascending.slice(0, kept);
}

/** Which of `present` (ascending, as the pages of one stream) were not seen? Remembers its place from page to page. */
export class AbsenceFinder {
  private place = 0;

  constructor(private readonly seen: Float64Array) {}

  absent(present: readonly number[]): number[] {
    const { seen } = this;
    return present.filter((id) => {
      while (this.place < seen.length && (seen[this.place] ?? 0) < id) this.place += 1;
      return seen[this.place] !== id;
    });
  }
}
