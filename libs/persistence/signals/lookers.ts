/** Who wants to look at what, by id. */
export class Lookers {
  private readonly byId = new Map<string, Set<() => void>>();

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  get size(): number {
    return this.byId.size;
  }

  /** @returns takes it away again; harmless when called twice */
  add(id: string, look: () => void): () => void {
    // The same function may be added twice, each time with an end of its own.
    const own = (): void => look();
    const looks = this.byId.get(id) ?? new Set();
    this.byId.set(id, looks.add(own));
    return () => {
      looks.delete(own);
      if (looks.size === 0 && this.byId.get(id) === looks) this.byId.delete(id);
    };
  }

  tell(id: string): void {
    for (const look of this.byId.get(id) ?? []) look();
  }
}
