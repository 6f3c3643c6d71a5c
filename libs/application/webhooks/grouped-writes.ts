/**
 * Writes what comes while something is being written as one group afterwards: one commit for many, and nobody waits longer than two writes
 * take. A group that fails is written one by one, so that nobody fails for a neighbour.
 */
export class GroupedWrites<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private isWriting = false;

  /** @param write gives the results in the order of the items */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isWriting) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.most);
      if (!(await this.writeGroup(group)) && group.length > 1)
        for (const one of group) await this.writeGroup([one]);
    }
    this.isWriting = false;
  }

  /** False when it failed and somebody is still waiting. */
  private async writeGroup(group: typeof this.waiting): Promise<boolean> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      group.forEach(({ resolve }, n) => resolve(results[n] as Result));
      return true;
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      return false;
    }
  }
}
