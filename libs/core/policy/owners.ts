import type { Matcher } from '../matchers/matcher.js';
import { anyOf } from '../matchers/matcher-set.js';

/** Whose resources are: those that any of `resources` names, in targets that any of `targets` names; null does not limit. */
export interface Owner {
  readonly resources: readonly Matcher[] | null;
  readonly targets: readonly Matcher[] | null;
  readonly team: string;
}

/** The team of a resource, by its id; null: nobody's. */
export type OwnerOf = (resource: string) => string | null;

/** The owners map of one target, made ready to ask: the first that matches wins. null when none of them speaks of the target. */
export function compileOwners(owners: readonly Owner[], target: string): OwnerOf | null {
  const here = owners
    .filter(({ targets }) => targets === null || anyOf(targets)(target))
    .map(({ resources, team }) => ({ covers: resources === null ? () => true : anyOf(resources), team }));
  if (here.length === 0) return null;
  return (resource) => here.find(({ covers }) => covers(resource))?.team ?? null;
}
