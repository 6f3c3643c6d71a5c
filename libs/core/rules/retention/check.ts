import { leavesOf, statedOrder } from '../../retention/floor.js';
import type { KeepClause, OrderBy } from '../../retention/retention.js';
import type { RuleFault } from '../rule-kind.js';
import type { Selector } from '../../policy/selector.js';
import type { RetentionFix, RetentionParams } from './params.js';

interface Written {
  readonly params: RetentionParams;
  readonly fix: RetentionFix;
  readonly on: Selector;
}

/** What is wrong with a retention rule as a whole: CRITICAL where it would let everything go, MEDIUM where it hardly means what it says. */
export function retentionFaults({ params, fix, on }: Written): RuleFault[] {
  return [...ruinous(params), ...suspicious(params), ...ofUntagged(params, fix), ...ofGit(params, on)];
}

const critical = (path: RuleFault['path'], message: string): RuleFault => ({
  path,
  message,
  severity: 'critical',
});
const medium = (path: RuleFault['path'], message: string): RuleFault => ({
  path,
  message,
  severity: 'medium',
});

function ruinous({ keep, expire }: RetentionParams): RuleFault[] {
  const faults: RuleFault[] = [];
  if (keep === undefined && expire === undefined) {
    const message =
      'This rule says neither what to keep nor what expires, so everything would go: write "keep", "expire" or both.';
    faults.push(critical([], message));
  }
  if (keep !== undefined && !mayKeep(keep)) {
    const message =
      'This "keep" keeps nothing (the newest 0), so everything would go: write how many of the newest are to stay.';
    faults.push(critical(['keep'], message));
  }
  return faults;
}

/** Can it keep anything at all? */
function mayKeep(clause: KeepClause): boolean {
  if ('newest' in clause) return clause.newest > 0;
  if ('any' in clause) return clause.any.some(mayKeep);
  if ('all' in clause) return clause.all.every(mayKeep);
  return true;
}

function suspicious({ keep, expire, floor }: RetentionParams): RuleFault[] {
  const faults: RuleFault[] = [];
  const leaves = keep === undefined ? [] : leavesOf(keep);
  if (keep !== undefined && mayKeep(keep) && leaves.some((leaf) => 'newest' in leaf && leaf.newest === 0)) {
    faults.push(medium(['keep'], 'The newest 0 keep nothing: leave that clause out.'));
  }
  const onlyNames = leaves.length > 0 && leaves.every((leaf) => 'matching' in leaf);
  if (onlyNames && expire === undefined && (floor ?? 0) === 0) {
    const message =
      'This rule keeps by name alone: every other tag goes, however new it is. Add a "floor", an "expire", or a clause that keeps the newest.';
    faults.push(medium(['keep'], message));
  }
  return faults;
}

function ofUntagged({ untagged, keep, groupBy, tags }: RetentionParams, fix: RetentionFix): RuleFault[] {
  if (untagged !== 'only') return [];
  const faults: RuleFault[] = [];
  if (fix?.name === 'untag') {
    const message =
      'Manifests without a tag cannot be untagged, so this fix never does anything: use `fix: purge`.';
    faults.push(medium(['fix'], message));
  }
  const byName = (keep === undefined ? [] : leavesOf(keep)).some(
    (leaf) => 'matching' in leaf || ('newest' in leaf && NAME_ORDERS.includes(leaf.orderBy)),
  );
  const named = [
    ...(byName ? ['keep'] : []),
    ...(groupBy === undefined ? [] : ['groupBy']),
    ...(tags === undefined ? [] : ['tags']),
  ];
  for (const field of named) {
    faults.push(medium([field], `"${field}" goes by names here, and manifests without a tag have none.`));
  }
  return faults;
}

const NAME_ORDERS: readonly OrderBy[] = ['semver', 'calver', 'name'];
/** Facts that no git server gives. */
const REGISTRY_ONLY: readonly OrderBy[] = ['pushed', 'tagPushed', 'pulled', 'active'];

/** Rules that go by what only registries know, on git alone, never find anything there. */
function ofGit({ keep, expire, untagged }: RetentionParams, { platforms }: Selector): RuleFault[] {
  if (platforms === null || platforms.some((platform) => platform !== 'git')) return [];
  const fields = [
    ...(expire !== undefined && REGISTRY_ONLY.includes(expire.ageOf) ? ['expire'] : []),
    ...(keep !== undefined && leavesOf(keep).some(asksRegistry) ? ['keep'] : []),
  ];
  const faults = fields.map((field) =>
    medium(
      [field],
      'git says neither when a tag was pushed nor when it was pulled, so nothing ever goes: use created or firstSeen.',
    ),
  );
  if (untagged === undefined || untagged === 'exclude') return faults;
  return [...faults, medium(['untagged'], 'git has no manifests: leave "untagged" out.')];
}

const asksRegistry = (leaf: KeepClause): boolean =>
  ('newest' in leaf && REGISTRY_ONLY.includes(leaf.orderBy)) ||
  ('newerThan' in leaf && REGISTRY_ONLY.includes(leaf.ageOf));

/** Whether the floor has nothing in the rule to count by, and so asks when things were created. */
export const floorAsksCreated = ({ keep, expire, floor }: RetentionParams): boolean =>
  (floor ?? 0) > 0 && statedOrder({ keep: keep ?? null, expire: expire ?? null }) === null;
