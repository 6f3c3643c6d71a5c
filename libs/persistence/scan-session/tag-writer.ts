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
  /** null: the digest itself, or not said. */
  readonly peeled: string | null;
  /** null: not said. */
  readonly annotated: boolean | null;
}

export interface WrittenTags {
  readonly ids: readonly number[];
  /** How many of them were not present before. */
  readonly added: number;
}

/** Where a pointer pointed before: the moves kept of one tag, the latest of them. */
const MAX_MOVES = 1_000;

/** It points where it did: what its object is has not changed, either, and a fact that is not said this time still holds. */
const STAYS = sql`t.digest is not distinct from j.digest`;

/** What the name is known by, when it now points elsewhere: what it pointed at when somebody last knew. */
const KNOWN_BY = sql`coalesce(t.baseline, t.digest)`;

/** Tags of one part; a resource and name is given once. New ones are inserted, changed and returned ones updated, the rest is only read. */
export async function writeTags(
  db: Db,
  { at, resources }: SessionContext,
  partId: number,
  inputs: readonly TagInput[],
): Promise<WrittenTags> {
  const noteAll = resources !== null;
  const { rows } = await sql<{ known: string | null; inserted: string | null; returned: number }>`
    with judged as materialized (
      select i.*, t.id, t.id is not null and t.missing_since is not null as returned, t.id is not null and (
          ${noteAll} or t.missing_since is not null or t.value is distinct from i.value
          or t.digest is distinct from i.digest or t.created_at is distinct from i.created_at
          or coalesce(i.peeled <> t.peeled, i.peeled is not null)
          or coalesce(i.annotated <> t.annotated, i.annotated is not null)
        ) as changed
      from unnest(${arraysOf(inputs)}) as i(resource_id, name, value, digest, created_at, peeled, annotated)
      left join lateral (
        select k.id, k.value, k.digest, k.created_at, k.peeled, k.annotated, k.missing_since
        from tagward.tag k
        where k.resource_id = i.resource_id and k.name = i.name
        limit 1
      ) as t on true
    ),
    updated as (
      update tagward.tag t
      set ${changesOf(at)}
      from judged j
      where j.changed and t.id = j.id
    ),
    inserted as (
      insert into tagward.tag (
        part_id, resource_id, name, value, digest, created_at, peeled, annotated, first_seen_at, seen_at
      )
      select ${partId}::int, j.resource_id, j.name, j.value, j.digest, j.created_at, j.peeled, j.annotated,
        ${at}::timestamptz, ${at}::timestamptz
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

/** What becomes of a tag `t` that was judged `j` to have changed. */
function changesOf(at: Date): RawBuilder<unknown> {
  const move = sql`jsonb_build_array(jsonb_build_object('at', ${at.toISOString()}::text, 'from', t.digest, 'to', j.digest))`;
  // A resource that as a whole was away (renamed, hidden, restored) brings its names along: none of them came back by itself.
  const cameAlong = sql`exists (select from tagward.resource r where r.id = t.resource_id and r.returned_at = ${at})`;
  return sql`
    value = j.value, digest = j.digest, created_at = j.created_at, seen_at = ${at}, missing_since = null,
    peeled = case when ${STAYS} then coalesce(j.peeled, t.peeled) else j.peeled end,
    annotated = case when ${STAYS} then coalesce(j.annotated, t.annotated) else j.annotated end,
    baseline = case when ${STAYS} then t.baseline when ${KNOWN_BY} = j.digest then null else ${KNOWN_BY} end,
    returned_at = case when t.missing_since is null or ${cameAlong} then t.returned_at else ${at} end,
    moves = case
      when ${STAYS} then t.moves
      when jsonb_array_length(t.moves) >= ${MAX_MOVES} then (t.moves - 0) || ${move}
      else coalesce(t.moves, '[]') || ${move}
    end
  `;
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
    ${inputs.map(({ createdAt }) => createdAt)}::timestamptz[],
    ${inputs.map(({ peeled }) => peeled)}::text[],
    ${inputs.map(({ annotated }) => annotated)}::boolean[]
  `;
}
