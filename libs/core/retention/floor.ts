import type { AgeOf } from '../rules/age.js';
import type { Group } from './item.js';
import type { Expiry, KeepClause, OrderBy, Retention } from './retention.js';

/**
 * The order by which a group's floor is counted: the first ordering that `keep` names, else the first date that the rule goes by,
 * else by creation where that is known of anything in the group at all, else by name.
 */
export function floorOrder(retention: Pick<Retention, 'keep' | 'expire'>, group: Group): OrderBy {
  const stated = statedOrder(retention);
  if (stated !== null) return stated;
  const { selected, dates } = group;
  return selected.some((candidate) => 'at' in dates.read(candidate, 'created')) ? 'created' : 'name';
}

/** null when nothing in the rule says which item is the newer one. */
export function statedOrder({ keep, expire }: Pick<Retention, 'keep' | 'expire'>): OrderBy | null {
  const leaves = keep === null ? [] : leavesOf(keep);
  const ordering = leaves.find((leaf) => 'newest' in leaf);
  if (ordering !== undefined) return ordering.orderBy;
  const aged: readonly (Expiry | { readonly ageOf: AgeOf })[] = [
    ...(expire === null ? [] : [expire]),
    ...leaves.filter((leaf) => 'newerThan' in leaf),
  ];
  return aged[0]?.ageOf ?? null;
}

/** The dates that the rule goes by, those of its floor among them. */
export function agesOf(retention: Retention): ReadonlySet<AgeOf> {
  const { keep, expire, floor } = retention;
  const leaves = keep === null ? [] : leavesOf(keep);
  const orders: OrderBy[] = leaves.flatMap((leaf) =>
    'newest' in leaf ? [leaf.orderBy] : 'newerThan' in leaf ? [leaf.ageOf] : [],
  );
  const all = [...orders, ...(expire === null ? [] : [expire.ageOf])];
  const countsByCreation = floor > 0 && statedOrder(retention) === null;
  return new Set([...all.filter(isAge), ...(countsByCreation ? (['created'] as const) : [])]);
}

const isAge = (order: OrderBy): order is AgeOf =>
  order !== 'semver' && order !== 'calver' && order !== 'name';

type Leaf = Exclude<KeepClause, { readonly any: unknown } | { readonly all: unknown }>;

/** The clauses that say something themselves, in the order of writing. */
export function leavesOf(clause: KeepClause): Leaf[] {
  if ('any' in clause) return clause.any.flatMap(leavesOf);
  if ('all' in clause) return clause.all.flatMap(leavesOf);
  return [clause];
}
