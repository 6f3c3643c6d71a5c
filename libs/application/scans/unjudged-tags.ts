import type { ReadUnit, Unjudged } from '#core';
import type { SparedFindings, SparedTag } from '../ports/stores.js';

/** What rules could not judge of one unit. A finding there is neither confirmed nor gone: it stays as it was. */
class UnjudgedTags implements SparedFindings {
  /** By rule and resource. */
  private readonly known = new Map<string, Map<string, Set<string | null | undefined>>>();

  add(unjudged: readonly Unjudged[]): void {
    for (const { rulePack, ruleId, resource, tag } of unjudged) {
      const rule = `${rulePack}/${ruleId}`;
      const resources = this.known.get(rule) ?? new Map<string, Set<string | null | undefined>>();
      this.known.set(rule, resources);
      const tags = resources.get(resource) ?? new Set();
      resources.set(resource, tags.add(tag));
    }
  }

  get rules(): readonly string[] {
    return [...this.known.keys()];
  }

  *tags(): Iterable<SparedTag> {
    for (const [rule, resources] of this.known)
      for (const [resource, tags] of resources) for (const tag of tags) yield { rule, resource, tag };
  }
}

/** The units that are being read, each with what could not be judged of it. */
export class UnjudgedUnits {
  private readonly units = new Map<string, UnjudgedTags>();

  add(unit: ReadUnit, unjudged: readonly Unjudged[]): void {
    if (unjudged.length === 0) return;
    const known = this.units.get(keyOf(unit)) ?? new UnjudgedTags();
    this.units.set(keyOf(unit), known);
    known.add(unjudged);
  }

  /** Of a unit that has been read; forgets it. */
  take(unit: ReadUnit): SparedFindings {
    const known = this.units.get(keyOf(unit)) ?? new UnjudgedTags();
    this.units.delete(keyOf(unit));
    return known;
  }
}

const keyOf = ({ scope, resourceType }: ReadUnit): string => JSON.stringify([scope, resourceType]);
