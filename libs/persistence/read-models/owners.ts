import { type RawBuilder, sql } from 'kysely';
import type { TagFilter, Visible } from '#application';
import type { Platform } from '#core';
import { allOf, type Condition, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';

/** What a list is limited to: the parts, or the resources, that its rows are of. */
export interface Owners {
  readonly column: RawBuilder<unknown>;
  readonly ids: readonly number[];
}

interface PartFilter {
  readonly targetIds?: readonly string[] | undefined;
  readonly platforms?: readonly Platform[] | undefined;
  readonly resourceTypes?: readonly string[] | undefined;
}

/** Owners whose rows are read each by itself; of more of them the rows are no needle in a haystack. */
const MOST_EACH = 64;

/** Limits by target, platform and type are limits of the part: few rows, looked up first. null: no limit. */
export async function partsOf(
  db: Db,
  column: RawBuilder<unknown>,
  filter: PartFilter,
  visible: Visible,
): Promise<Owners | null> {
  const conditions = partConditions(filter, visible);
  if (conditions.length === 0) return null;
  const { rows } = await sql<{ id: number }>`
    select q.id from tagward.read_part q join tagward.target g on g.id = q.target_id where ${allOf(conditions)}
  `.execute(db);
  return { column, ids: rows.map(({ id }) => id) };
}

/** As `partsOf`; a limit by resource is one of the resources that have the name. */
export async function ownersOfTags(
  db: Db,
  { resource, ...filter }: TagFilter,
  visible: Visible,
): Promise<Owners | null> {
  if (resource === undefined) return partsOf(db, sql`t.part_id`, filter, visible);
  const { rows } = await sql<{ id: number }>`
    select r.id
    from tagward.resource r
    join tagward.read_part q on q.id = r.part_id
    join tagward.target g on g.id = q.target_id
    where r.resource = ${resource} and ${allOf(partConditions(filter, visible))}
  `.execute(db);
  return { column: sql`t.resource_id`, ids: rows.map(({ id }) => id) };
}

/** Rows of any of the owners. */
export function ofAny(owners: Owners | null): Condition {
  return owners === null
    ? sql<boolean>`true`
    : sql<boolean>`${owners.column} = any(${[...owners.ids]}::bigint[])`;
}

/**
 * The first rows by id. Those of few owners are read owner by owner, each from an index in the order of the list: the first page then
 * costs what the last one costs, however many rows of others lie between.
 *
 * @param rows the rows that meet a condition, at most `limit`, in the order of their ids
 */
export async function rowsOfEach<Row>(
  db: Db,
  owners: Owners | null,
  limit: number,
  rows: (own: Condition) => RawBuilder<unknown>,
): Promise<readonly Row[]> {
  if (owners === null || owners.ids.length > MOST_EACH) {
    return (await sql<Row>`${rows(ofAny(owners))}`.execute(db)).rows;
  }
  const { column, ids } = owners;
  const found = await sql<Row>`
    select x.*
    from unnest(${[...ids]}::bigint[]) as o(id)
    cross join lateral (${rows(sql<boolean>`${column} = o.id`)}) as x
    order by x.id
    limit ${limit}
  `.execute(db);
  return found.rows;
}

function partConditions({ targetIds, platforms, resourceTypes }: PartFilter, visible: Visible): Condition[] {
  return [
    ...oneOf(sql`q.target_id`, visible),
    ...oneOf(sql`q.target_id`, targetIds),
    ...oneOf(sql`q.resource_type`, resourceTypes),
    ...oneOf(sql`g.platform`, platforms),
  ];
}
