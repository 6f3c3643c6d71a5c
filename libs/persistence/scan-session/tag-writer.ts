import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/transactions.js';
import type { SessionContext } from './session-context.js';

export interface TagInput {
  readonly resourceId: number;
  /** As stored. */
  readonly name: string;
  readonly value: string | null;
  readonly digest: string | null;
  readonly createdAt: Date | null;
}

export interface WrittenTags {
  readonly ids: readonly number[];
  /** How many of them were not present before. */
  readonly added: number;
}

/** Where a pointer pointed before: the moves kept of one tag, the latest of them. */
const MAX_MOVES = 1_000;

/** Tags of one part; a resource and name is given once. New ones are inserted, changed and returned ones updated, the rest is only read. */
export async function writeTags(
  db: Db,
  { at, resources }: SessionContext,
  partId: number,
  inputs: readonly TagInput[],
): Promise<WrittenTags> {
  const noteAll = resources !== null;
  const move = sql`jsonb_build_array(jsonb_build_object('at', ${at.toISOString()}::text, 'from', t.digest, 'to', j.digest))`;
  const { rows } = await sql<{ known: string | null; inserted: string | null; returned: number }>`
    with judged as materialized (
      select i.*, t.id, t.id is not null and t.missing_since is not null as returned, t.id is not null and (
          ${noteAll} or t.missing_since is not null or t.value is distinct from i.value
          or t.digest is distinct from i.digest or t.created_at is distinct from i.created_at
        ) as changed
      from unnest(${arraysOf(inputs)}) as i(resource_id, name, value, digest, created_at)
      left join lateral (
        select k.id, k.value, k.digest, k.created_at, k.missing_since
        from tagward.tag k
        where k.resource_id = i.resource_id and k.name = i.name
        limit 1
      ) as t on true
    ),
    updated as (
      update tagward.tag t
      set value = j.value, digest = j.digest, created_at = j.created_at, seen_at = ${at}, missing_since = null,
        moves = case
          when t.digest is not distinct from j.digest then t.moves
          when jsonb_array_length(t.moves) >= ${MAX_MOVES} then (t.moves - 0) || ${move}
          else coalesce(t.moves, '[]') || ${move}
        end
      from judged j
      where j.changed and t.id = j.id
    ),
    inserted as (
      insert into tagward.tag (part_id, resource_id, name, value, digest, created_at, first_seen_at, seen_at)
      select ${partId}::int, j.resource_id, j.name, j.value, j.digest, j.created_at, ${at}::timestamptz, ${at}::timestamptz
      from judged j
      where j.id is null
      returning id
    )
    select
      (select string_agg(j.id::text, ',') from judged j where j.id is not null) as known,
      (select string_agg(n.id::text, ',') from inserted n) as inserted,
      (select count(*) from judged j where j.returned) as returned
  `.execute(db);
  const [row] = rows;
  const inserted = idList(row?.inserted);
  return { ids: [...idList(row?.known), ...inserted], added: inserted.length + (row?.returned ?? 0) };
}

/** Ids come back as one text: a row each would cost more than the ids. */
function idList(text: string | null | undefined): number[] {
  return text === null || text === undefined ? [] : text.split(',').map(Number);
}

function arraysOf(inputs: readonly TagInput[]): RawBuilder<unknown> {
  return sql`
    ${inputs.map(({ resourceId }) => resourceId)}::bigint[],
    ${inputs.map(({ name }) => name)}::text[],
    ${inputs.map(({ value }) => value)}::text[],
    ${inputs.map(({ digest }) => digest)}::text[],
    ${inputs.map(({ createdAt }) => createdAt)}::timestamptz[]
  `;
}
