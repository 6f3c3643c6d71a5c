import { anyOf } from '#core';
import { isGlob, type RegistryConfig } from '../config.js';
import { QUARANTINE_PREFIX } from '../names.js';

type Test = (name: string) => boolean;

/** Which repositories of a registry a target is about. Its own quarantine never is. */
export class RepositoryChoice {
  /** Named one by one: read without asking the catalog. */
  readonly named: readonly string[];
  readonly needsCatalog: boolean;
  private readonly included: Test;
  private readonly excluded: Test;

  constructor({ repositories, exclude }: Pick<RegistryConfig, 'repositories' | 'exclude'>) {
    this.included = repositories === undefined ? () => true : testOf(repositories);
    this.excluded = testOf(exclude ?? []);
    this.needsCatalog = repositories === undefined || repositories.some(isGlob);
    this.named = (repositories ?? []).filter((name) => !isGlob(name) && this.wants(name));
  }

  wants(name: string): boolean {
    return !name.startsWith(QUARANTINE_PREFIX) && this.included(name) && !this.excluded(name);
  }
}

function testOf(patterns: readonly string[]): Test {
  if (patterns.length === 0) return () => false;
  return anyOf(
    patterns.map((text) => ({ type: isGlob(text) ? ('glob' as const) : ('exact' as const), text })),
  );
}
