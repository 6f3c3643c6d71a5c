import { type RawBuilder, sql } from 'kysely';
import { toJson } from './clean-text.js';

export type Condition = RawBuilder<boolean>;

/** All must hold; none holds always. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

/** Absent limits nothing, an empty list matches nothing, one member is an equality: indexes in the order of a list can serve it. */
export function oneOf(
  column: RawBuilder<unknown>,
  members: readonly string[] | null | undefined,
): Condition[] {
  if (members === null || members === undefined) return [];
  const [first] = members;
  if (first === undefined) return [sql<boolean>`false`];
  return [
    members.length === 1
      ? sql<boolean>`${column} = ${first}`
      : sql<boolean>`${column} = any(${[...members]}::text[])`,
  ];
}

export function equals(column: RawBuilder<unknown>, value: string | boolean | null | undefined): Condition[] {
  return value === null || value === undefined ? [] : [sql<boolean>`${column} = ${value}`];
}

/** Is `text` a part of one of the columns, whatever its case? `%`, `_` and `\` stand for themselves. */
export function contains(
  columns: readonly RawBuilder<unknown>[],
  text: string | null | undefined,
): Condition[] {
  if (text === null || text === undefined || text === '') return [];
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  // Identifiers are stored in byte order ("C"), which knows no upper case beyond ASCII: the database's own collation does.
  const parts = columns.map((column) => sql<boolean>`${column} collate "default" ilike ${pattern}`);
  return [sql<boolean>`(${sql.join(parts, sql` or `)})`];
}

/** A list of keys and values, all of which must be among the labels. */
export function hasLabels(
  column: RawBuilder<unknown>,
  labels: readonly { readonly key: string; readonly value: string }[] | undefined,
): Condition[] {
  if (labels === undefined) return [];
  if (labels.length === 0) return [sql<boolean>`false`];
  const wanted = toJson(labels.map(({ key, value }) => ({ key, value })));
  return [sql<boolean>`${column} @> ${wanted}::jsonb`];
}

/** The day of a moment, in UTC. */
export function utcDay(moment: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${moment} at time zone 'UTC')::date`;
}
