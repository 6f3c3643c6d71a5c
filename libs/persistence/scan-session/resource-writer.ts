import { type RawBuilder, sql } from 'kysely';
import type { ResourceNumbers } from '#application';
import { toJson } from '../connection/clean-text.js';
import type { Db } from '../connection/transactions.js';
import type { SessionContext } from './session-context.js';

export interface ResourceInput {
  readonly partId: number;
  /** As stored. */
  readonly resource: string;
  readonly createdAt: Date | null;
  /** undefined: leave it as it is. */
  readonly team: string | null | undefined;
  /** Those that are not given stay as they are. */
  readonly facts: Partial<ResourceNumbers>;
}

const CHUNK = 5_000;

/** Ids of the resources, in the order given; none is given twice. New ones are inserted, changed and returned ones updated, the rest is only read. */
export async function writeResources(
  db: Db,
  context: SessionContext,
  inputs: readonly ResourceInput[],
): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let start = 0; start < inputs.length; start += CHUNK) {
    ids.push(...(await writeChunk(db, context, inputs.slice(start, start + CHUNK))));
  }
  return ids;
}

async function writeChunk(
  db: Db,
  { at, resources }: SessionContext,
  inputs: readonly ResourceInput[],
): Promise<readonly number[]> {
  // A scan of single resources does not renew its part's time, so it notes the time on what it sees.
  const noteAll = resources !== null;
  const { rows } = await sql<{ id: number; part_id: number; resource: string }>`
    with judged as materialized (
      select i.*, r.id, r.id is not null and (
          ${noteAll} or r.missing_since is not null or r.created_at is distinct from i.created_at
          or (i.has_team and r.team is distinct from i.team)
          or coalesce(not r.facts @> i.facts, i.facts is not null)
        ) as changed
      from unnest(${arraysOf(inputs)}) as i(part_id, resource, team, has_team, created_at, facts)
      left join lateral (
        select k.id, k.team, k.created_at, k.facts, k.missing_since
        from tagward.resource k
        where k.part_id = i.part_id and k.resource = i.resource
        limit 1
      ) as r on true
    ),
    updated as (
      update tagward.resource r
      set team = case when j.has_team then j.team else r.team end,
        created_at = j.created_at, facts = coalesce(r.facts || j.facts, j.facts, r.facts), seen_at = ${at}, missing_since = null,
        returned_at = case when r.missing_since is null then r.returned_at else ${at} end
      from judged j
      where j.changed and r.id = j.id
    ),
    inserted as (
      insert into tagward.resource (part_id, resource, team, created_at, facts, first_seen_at, seen_at)
      select j.part_id, j.resource, j.team, j.created_at, j.facts, ${at}::timestamptz, ${at}::timestamptz
      from judged j
      where j.id is null
      returning id, part_id, resource
    )
    select j.id, j.part_id, j.resource from judged j where j.id is not null
    union all
    select n.id, n.part_id, n.resource from inserted n
  `.execute(db);
  const byKey = new Map(rows.map((row) => [`${row.part_id} ${row.resource}`, row.id]));
  return inputs.map(({ partId, resource }) => {
    const id = byKey.get(`${partId} ${resource}`);
    if (id === undefined) throw new RangeError(`no id came back for the resource ${resource}`);
    return id;
  });
}

function arraysOf(inputs: readonly ResourceInput[]): RawBuilder<unknown> {
  return sql`
    ${inputs.map(({ partId }) => partId)}::int[],
    ${inputs.map(({ resource }) => resource)}::text[],
    ${inputs.map(({ team }) => team ?? null)}::text[],
    ${inputs.map(({ team }) => team !== undefined)}::boolean[],
    ${inputs.map(({ createdAt }) => createdAt)}::timestamptz[],
    ${inputs.map(({ facts }) => (Object.keys(facts).length === 0 ? null : toJson(facts)))}::jsonb[]
  `;
}
