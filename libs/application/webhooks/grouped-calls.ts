import { HygieneError } from '#core';

/**
 * Makes one call of all that comes while another is made: one query, or one commit, for many, and nobody waits longer than two calls take. A
 * group that fails is called for one by one, so that nobody fails for a neighbour; not while what is called is away for all of them, or those
 * who come then would wait for every attempt before theirs.
 */
export class GroupedCalls<Item, Result> {
  private waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  private isCalling = false;

  /** @param call gives the results in the order of the items */
  constructor(
    private readonly call: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most: number,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isCalling) void this.callAll();
    });
  }

  private async callAll(): Promise<void> {
    this.isCalling = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.most);
      if (!(await this.callGroup(group))) for (const one of group) await this.callGroup([one]);
    }
    this.isCalling = false;
  }

  /** False when it failed and its members are still waiting. */
  private async callGroup(group: typeof this.waiting): Promise<boolean> {
    try {
      const results = await this.call(group.map(({ item }) => item));
      group.forEach(({ resolve }, n) => resolve(results[n] as Result));
      return true;
    } catch (error) {
      if (group.length > 1 && !isAway(error)) return false;
      for (const { reject } of group) reject(error);
      return true;
    }
  }
}

const isAway = (error: unknown): boolean => error instanceof HygieneError && error.code === 'DEPENDENCY_DOWN';
