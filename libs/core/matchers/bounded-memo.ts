/** Remembers what a pure function gave for a text. Forgets everything when full, so memory stays bounded and results do not change. */
export class BoundedMemo<V> {
  private readonly known = new Map<string, V>();

  constructor(
    private readonly compute: (text: string) => V,
    private readonly capacity = 20_000,
  ) {}

  get(text: string): V {
    const found = this.known.get(text);
    if (found !== undefined) return found;
    const made = this.compute(text);
    if (this.known.size >= this.capacity) this.known.clear();
    this.known.set(text, made);
    return made;
  }
}
