import { compilePolicy, HygieneError, type ExplainablePolicy, type PackToRun } from '#core';
import type { RulePackStore } from '../ports/stores.js';
import type { RulePackRef } from '../records/rule-pack.js';
import { storedPack } from './stored-pack.js';

/** Policies held at once: as many sets of packs as are asked for by turns. */
const MAX_POLICIES = 16;

export interface CompiledPacks {
  readonly policy: ExplainablePolicy;
  /** The packs whose rules run. */
  readonly packs: readonly PackToRun[];
}

/**
 * The latest rule packs, made ready to judge. Versions are never edited, so that what was compiled of a set of them holds until another
 * version is stored or a pack goes: whoever asks pays one small query, and compiles only after a change.
 */
export class PolicyCache {
  /** By the versions of all stored packs and the names of those that run; the one asked for last at the end. */
  private readonly known = new Map<string, CompiledPacks>();

  constructor(private readonly rulePacks: Pick<RulePackStore, 'latest' | 'latestRefs'>) {}

  /**
   * @param names the packs whose rules run; null: every stored pack. What all packs protect holds whatever runs.
   * @throws HygieneError NOT_FOUND for a pack that is not stored, RULE_PACK_INVALID when a stored one no longer parses
   */
  async compiled(names: readonly string[] | null): Promise<CompiledPacks> {
    const refs = await this.rulePacks.latestRefs();
    const missing = (names ?? []).filter((name) => !refs.some((ref) => ref.name === name));
    if (missing.length > 0) throw noSuchPacks(missing);
    const key = keyOf(refs, names);
    const known = this.known.get(key);
    if (known !== undefined) {
      this.keep(key, known);
      return known;
    }
    return this.compile(names);
  }

  private async compile(names: readonly string[] | null): Promise<CompiledPacks> {
    const stored = (await this.rulePacks.latest()).map(storedPack);
    const run = stored.filter(({ record }) => names?.includes(record.name) ?? true);
    const packs = run.map(({ record: { name, version }, pack }) => ({ name, version, pack }));
    const guards = stored.map(({ pack }) => pack);
    const made = { policy: compilePolicy(packs, guards), packs };
    // Another version may have come since the refs were read.
    const refs = stored.map(({ record: { name, version } }) => ({ name, version }));
    this.keep(keyOf(refs, names), made);
    return made;
  }

  private keep(key: string, compiled: CompiledPacks): void {
    this.known.delete(key);
    this.known.set(key, compiled);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_POLICIES && oldest !== undefined) this.known.delete(oldest);
  }
}

const keyOf = (refs: readonly RulePackRef[], names: readonly string[] | null): string =>
  JSON.stringify([
    refs.map(({ name, version }) => [name, version]),
    names === null ? null : [...new Set(names)].sort(),
  ]);

function noSuchPacks(names: readonly string[]): HygieneError {
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  return new HygieneError(
    'NOT_FOUND',
    `There is no rule pack ${list}; /api/v1/rule-packs lists those there are.`,
  );
}
