import { compileOwners, compilePolicy, HygieneError, type OwnerOf, type Policy } from '#core';
import type { RulePackStore } from '../ports/stores.js';
import type { RulePackRef } from '../records/rule-pack.js';
import type { TargetRecord } from '../records/target.js';
import { storedPack, type StoredPack } from '../rule-packs/stored-pack.js';

export interface LoadedPolicy {
  readonly policy: Policy;
  /**
   * The rules whose findings the scan may resolve: those that run. Conflicts between packs are judged whole only when all packs
   * of the target run; a scan of some of them leaves the conflicts it did not look at.
   */
  readonly rules: Policy['rules'];
  /** The versions that run. */
  readonly rulePacks: readonly RulePackRef[];
  /** Every rule of every stored pack, run or not. */
  readonly storedRules: readonly { readonly rulePack: string; readonly ruleId: string }[];
  /** The label by which resources are grouped in teams: of the first pack, by name, that names one. */
  readonly ownerTag: string | null;
  /** Whose a resource without that label is: the maps of all packs, in the order of their names; null when none speaks of the target. */
  readonly ownerOf: OwnerOf | null;
}

/** Compiles what a scan runs: the packs it names, else the target's, else every stored one; protections of all packs apply. */
export class LoadPolicy {
  constructor(private readonly rulePacks: RulePackStore) {}

  /**
   * @param begun the versions that the scan runs already: it is judged by one policy from its beginning to its end, but for packs that were retired
   * @throws HygieneError RULE_PACK_INVALID when a stored pack no longer parses, NOT_FOUND when a named one was retired
   */
  async execute(
    target: TargetRecord,
    requested: readonly RulePackRef[] | null,
    begun: readonly RulePackRef[] | null = null,
  ): Promise<LoadedPolicy> {
    const stored = (await this.rulePacks.latest()).map(storedPack);
    const run =
      begun === null
        ? named(stored, requested?.map(({ name }) => name) ?? target.rulePacks)
        : await this.versions(stored, begun);
    const policy = compilePolicy(
      run.map(({ record: { name, version }, pack }) => ({ name, version, pack })),
      stored.map(({ pack }) => pack),
    );
    const packs = new Set(run.map(({ record }) => record.name));
    return {
      policy,
      rules: requested === null ? policy.rules : policy.rules.filter(({ rulePack }) => packs.has(rulePack)),
      rulePacks: run.map(({ record }) => ({ name: record.name, version: record.version })),
      // The policy runs rules of its own beside those of the packs (conflicts of fixes); they are there, too.
      storedRules: [
        ...policy.rules,
        ...stored.flatMap(({ record }) =>
          record.rules.map(({ key }) => ({ rulePack: record.name, ruleId: key })),
        ),
      ],
      ...ownership(requested === null ? run : ofTarget(stored, target), target),
    };
  }

  private async versions(
    stored: readonly StoredPack[],
    refs: readonly RulePackRef[],
  ): Promise<readonly StoredPack[]> {
    const found: StoredPack[] = [];
    for (const { name, version } of refs) {
      const latest = stored.find(({ record }) => record.name === name);
      if (latest === undefined) continue;
      const record = latest.record.version === version ? null : await this.rulePacks.find(name, version);
      found.push(record === null ? latest : storedPack(record));
    }
    return found;
  }
}

/** A scan that names some packs changes nobody's team: whose things are is said by all packs of the target. */
function ownership(
  packs: readonly StoredPack[],
  target: TargetRecord,
): Pick<LoadedPolicy, 'ownerTag' | 'ownerOf'> {
  const owners = packs.flatMap(({ pack }) => pack.owners);
  return {
    ownerTag: packs.map(({ pack }) => pack.ownerTag).find((key) => key !== null) ?? null,
    ownerOf: compileOwners(owners, target.name),
  };
}

function ofTarget(stored: readonly StoredPack[], { rulePacks }: TargetRecord): readonly StoredPack[] {
  return stored.filter(({ record }) => rulePacks === null || rulePacks.includes(record.name));
}

/** @throws HygieneError NOT_FOUND */
function named(stored: readonly StoredPack[], names: readonly string[] | null): readonly StoredPack[] {
  if (names === null) return stored;
  const missing = names.filter((name) => !stored.some(({ record }) => record.name === name));
  if (missing.length > 0) {
    throw new HygieneError(
      'NOT_FOUND',
      `The rule pack ${missing.join(', ')} is gone; store it again or change the target.`,
    );
  }
  return stored.filter(({ record }) => names.includes(record.name));
}
