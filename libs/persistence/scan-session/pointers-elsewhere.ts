import { sql } from 'kysely';
import type { PointerFacts } from '#core';
import type { Db } from '../connection/transactions.js';
import type { SessionContext } from './session-context.js';

/** A name of a resource, both as stored. */
export interface Pointed {
  readonly resource: string;
  readonly name: string;
}

type Elsewhere = NonNullable<PointerFacts['elsewhere']>[number];

const TAGS_A_STATEMENT = 10_000;
/** Of one name; those of the first targets by name. */
const MOST_OF_A_NAME = 20;

/**
 * Where the pointers point in other targets of the same platform, in resources of the same name, in the order given. Counterparts are looked
 * up first: most repositories have none, and then no tag is looked at.
 */
export async function pointersElsewhere(
  db: Db,
  context: Pick<SessionContext, 'targetId'>,
  pointers: readonly Pointed[],
): Promise<readonly (readonly Elsewhere[])[]> {
  const counterparts = await counterpartsOf(db, context, [
    ...new Set(pointers.map(({ resource }) => resource)),
  ]);
  const found: Elsewhere[][] = pointers.map(() => []);
  const asked = pointers.flatMap(({ resource, name }, place) => {
    const range = counterparts.ranges.get(resource);
    return range === undefined ? [] : [{ place, name, ...range }];
  });
  for (let start = 0; start < asked.length; start += TAGS_A_STATEMENT) {
    const chunk = asked.slice(start, start + TAGS_A_STATEMENT);
    const { rows } = await sql<{ place: number; n: number; digest: string }>`
      select i.place, e.n, e.digest
      from unnest(
        ${chunk.map(({ place }) => place)}::int[], ${chunk.map(({ name }) => name)}::text[],
        ${chunk.map(({ first }) => first)}::int[], ${chunk.map(({ last }) => last)}::int[]
      ) as i(place, name, first, last)
      cross join lateral (
        select n, o.digest
        from generate_series(i.first, i.last) as n
        cross join lateral (
          select k.digest, k.missing_since
          from tagward.tag k
          where k.resource_id = (${counterparts.ids}::bigint[])[n + 1] and k.name = i.name
          limit 1
        ) as o
        where o.missing_since is null and o.digest is not null
        order by n
        limit ${MOST_OF_A_NAME}
      ) as e
    `.execute(db);
    for (const { place, n, digest } of rows) {
      found[place]?.push({ target: counterparts.targets[n] ?? '', digest });
    }
  }
  return found;
}

interface Counterparts {
  /** Their ids and the names of their targets, those of one resource name side by side. */
  readonly ids: readonly number[];
  readonly targets: readonly string[];
  /** Resource name -> first and last place in these. */
  readonly ranges: ReadonlyMap<string, { readonly first: number; readonly last: number }>;
}

async function counterpartsOf(
  db: Db,
  { targetId }: Pick<SessionContext, 'targetId'>,
  resources: readonly string[],
): Promise<Counterparts> {
  const { rows } = await sql<{ id: number; resource: string; target: string }>`
    select s.id, s.resource, g.name as target
    from tagward.resource s
    join tagward.read_part p on p.id = s.part_id
    join tagward.target g on g.id = p.target_id
    where s.resource = any(${[...resources]}::text[]) and s.missing_since is null and g.id <> ${targetId}
      and g.platform = (select o.platform from tagward.target o where o.id = ${targetId})
    order by s.resource, g.name, s.id
  `.execute(db);
  const ranges = new Map<string, { first: number; last: number }>();
  rows.forEach(({ resource }, place) => {
    ranges.set(resource, { first: ranges.get(resource)?.first ?? place, last: place });
  });
  return { ids: rows.map(({ id }) => id), targets: rows.map(({ target }) => target), ranges };
}
