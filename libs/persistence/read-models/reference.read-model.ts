import { type RawBuilder, sql } from 'kysely';
import type { Referred } from '#application';
import type { ReferenceQuery } from '#core';
import { allOf, type Condition, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { identity } from '../scan-session/identity.js';

/** See `ReferenceIndex`. */
export async function referred(
  db: Db,
  targetId: string,
  query: ReferenceQuery,
  most: number,
): Promise<readonly Referred[]> {
  const place = allOf([
    sql<boolean>`p.target_id = ${targetId}`,
    ...oneOf(sql`r.resource`, query.resources?.map(identity)),
    ...beginsWith(sql`r.resource`, query.resourcePrefix),
  ]);
  const { rows } = await (
    query.means === 'resource'
      ? sql<Referred>`
        select p.scope, r.resource, p.resource_type as "resourceType", null as name, null as digest
        from tagward.resource r join tagward.read_part p on p.id = r.part_id
        where r.missing_since is null and ${place}
        order by r.resource, r.id limit ${most}
      `
      : sql<Referred>`
        select p.scope, r.resource, p.resource_type as "resourceType", t.name, t.digest
        from tagward.tag t
        join tagward.resource r on r.id = t.resource_id
        join tagward.read_part p on p.id = t.part_id
        where t.missing_since is null and ${place} and ${allOf(tagConditions(query))}
        order by r.resource, t.name, t.id limit ${most}
      `
  ).execute(db);
  return rows;
}

function tagConditions({ names, digestPrefix }: ReferenceQuery): Condition[] {
  const pointing = [...beginsWith(sql`t.digest`, digestPrefix), ...beginsWith(sql`t.peeled`, digestPrefix)];
  return [
    ...oneOf(sql`t.name`, names?.map(identity)),
    ...(pointing.length === 0 ? [] : [sql<boolean>`(${sql.join(pointing, sql` or `)})`]),
  ];
}

/** `%`, `_` and `\` stand for themselves. */
function beginsWith(column: RawBuilder<unknown>, text: string | null): Condition[] {
  if (text === null) return [];
  return [sql<boolean>`${column} like ${`${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`];
}
