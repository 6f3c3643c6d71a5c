/** Which of some names belong together. */
export class DisjointSets {
  private readonly parent = new Map<string, string>();

  /** The name that stands for the set. */
  find(name: string): string {
    let root = name;
    for (let next = this.parent.get(root); next !== undefined; next = this.parent.get(root)) root = next;
    return root;
  }

  join(a: string, b: string): void {
    const [left, right] = [this.find(a), this.find(b)];
    if (left !== right) this.parent.set(left, right);
  }
}
