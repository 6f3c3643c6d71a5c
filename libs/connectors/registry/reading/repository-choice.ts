import { anyOf } from '#core';
import { isGlob, type RegistryConfig } from '../config.js';
import { QUARANTINE_PREFIX } from '../names.js';

type Test = (name: string) => boolean;
type Patterns = Pick<RegistryConfig, 'repositories' | 'exclude'>;

/** Choices that are kept compiled: a webhook may ask for the same one hundreds of times a second. */
const MOST_KEPT = 64;
const kept = new Map<string, RepositoryChoice>();

/** Which repositories of a registry a target is about. Its own quarantine never is. */
export class RepositoryChoice {
  /** Named one by one: read without asking the catalog. */
  readonly named: readonly string[];
  readonly needsCatalog: boolean;
  private readonly included: Test;
  private readonly excluded: Test;

  /** As the constructor, compiled once for configurations that are asked for again and again. */
  static of({ repositories, exclude }: Patterns): RepositoryChoice {
    const key = JSON.stringify([repositories, exclude]);
    const known = kept.get(key) ?? new RepositoryChoice({ repositories, exclude });
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, known);
    return known;
  }

  constructor({ repositories, exclude }: Patterns) {
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
