/**
 * Remembers what a pure function gave for a text. Forgets everything when full, so memory stays bounded, and stops
 * remembering for a while when texts hardly repeat. Neither changes a result.
 */
export class BoundedMemo<V> {
  private readonly known = new Map<string, V>();
  private served = 0;
  private bypass = 0;

  constructor(
    private readonly compute: (text: string) => V,
    private readonly capacity = 8_192,
  ) {}

  get(text: string): V {
    if (this.bypass > 0) {
      this.bypass -= 1;
      return this.compute(text);
    }
    const found = this.known.get(text);
    if (found !== undefined) {
      this.served += 1;
      return found;
    }
    const made = this.compute(text);
    if (this.known.size >= this.capacity) this.forget();
    this.known.set(text, made);
    return made;
  }

  private forget(): void {
    if (this.served < this.capacity) this.bypass = this.capacity * 16;
    this.served = 0;
    this.known.clear();
  }
}
