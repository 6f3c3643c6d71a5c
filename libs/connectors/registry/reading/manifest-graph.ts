import type { UntaggedManifest } from '#core';
import type { ManifestFacts } from './manifest-facts.js';

/** What an index comes to, its manifests together. */
export interface Totals {
  readonly createdAt: number | null;
  readonly bytes: number | null;
  readonly layers: number;
}

/** The manifests of one repository as far as they were seen: by digest, null for one that is named and not there. */
export class ManifestGraph {
  readonly manifests = new Map<string, ManifestFacts | null>();
  private readonly totals = new Map<string, Totals>();

  add(found: ReadonlyMap<string, ManifestFacts | null>): void {
    for (const [digest, facts] of found) this.manifests.set(digest, facts);
  }

  /** Manifests that indexes among these name and that nobody has looked for yet. */
  unseenChildren(digests: Iterable<string>): Set<string> {
    const unseen = new Set<string>();
    for (const digest of digests)
      for (const { digest: child } of this.manifests.get(digest)?.children ?? [])
        if (!this.manifests.has(child)) unseen.add(child);
    return unseen;
  }

  /** Subjects that manifests name and that nobody has looked for yet. */
  unseenSubjects(): Set<string> {
    const unseen = new Set<string>();
    for (const facts of this.manifests.values())
      if (facts?.subject != null && !this.manifests.has(facts.subject)) unseen.add(facts.subject);
    return unseen;
  }

  /** Of an index: the newest image's date, all bytes, the most layers; attestations have no say in date and layers. */
  totalsOf(digest: string): Totals | null {
    const known = this.totals.get(digest);
    if (known !== undefined) return known;
    const facts = this.manifests.get(digest);
    if (facts === undefined || facts === null) return null;
    // Set before the children are asked: whatever a registry claims, this ends.
    this.totals.set(digest, { createdAt: facts.createdAt, bytes: facts.bytes, layers: facts.layers });
    const totals = facts.children === null ? facts : this.sum(facts);
    this.totals.set(digest, totals);
    return totals;
  }

  /** Manifests that are there without being among the tagged ones, with what names them. */
  untagged(tagged: ReadonlySet<string>): readonly UntaggedManifest[] {
    const holders = this.holders();
    return [...this.manifests].flatMap(([digest, facts]): UntaggedManifest[] => {
      if (facts === null || tagged.has(digest)) return [];
      const totals = this.totalsOf(digest);
      return [
        {
          digest,
          createdAt: dateOf(totals?.createdAt ?? null),
          pushedAt: null,
          bytes: totals?.bytes ?? null,
          heldBy: holders.get(digest) ?? [],
        },
      ];
    });
  }

  private sum(index: ManifestFacts): Totals {
    let [newest, bytes, layers]: [number | null, number | null, number] = [null, 0, 0];
    for (const { digest, attestation } of index.children ?? []) {
      const child = this.totalsOf(digest);
      // A manifest that is not there has no bytes; one that states none makes the sum unknown.
      if (child !== null) bytes = bytes === null || child.bytes === null ? null : bytes + child.bytes;
      if (child === null || attestation) continue;
      layers = Math.max(layers, child.layers);
      if (child.createdAt !== null) newest = Math.max(newest ?? -Infinity, child.createdAt);
    }
    return { createdAt: newest ?? index.createdAt, bytes, layers };
  }

  private holders(): Map<string, string[]> {
    const holders = new Map<string, string[]>();
    const hold = (held: string, by: string): void => {
      const known = holders.get(held);
      if (known === undefined) holders.set(held, [by]);
      else if (!known.includes(by)) known.push(by);
    };
    for (const [digest, facts] of this.manifests) {
      for (const child of facts?.children ?? []) hold(child.digest, digest);
      if (facts?.subject != null) hold(digest, facts.subject);
    }
    return holders;
  }
}

export function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
