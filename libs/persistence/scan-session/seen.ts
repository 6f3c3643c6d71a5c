import { SeenIds } from './seen-ids.js';

export interface SeenRows {
  readonly resources: SeenIds;
  readonly tags: SeenIds;
  /** By key. */
  readonly findings: SeenIds;
  /** Present tags that were not there before this scan. */
  addedTags: number;
}

/** What the scan saw so far, by part. */
export class Seen {
  private readonly parts = new Map<number, SeenRows>();

  of(partId: number): SeenRows {
    const known = this.parts.get(partId);
    if (known !== undefined) return known;
    const fresh = { resources: new SeenIds(), tags: new SeenIds(), findings: new SeenIds(), addedTags: 0 };
    this.parts.set(partId, fresh);
    return fresh;
  }

  forget(partIds: readonly number[]): void {
    for (const id of partIds) this.parts.delete(id);
  }
}
