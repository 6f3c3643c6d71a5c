import { sql } from 'kysely';
import type { PointerHistory } from '#application';
import type { PointerFact, Resource } from '#core';
import type { Db } from '../connection/transactions.js';
import { identity } from './identity.js';
import { type Pointed, pointersElsewhere } from './pointers-elsewhere.js';
import type { SessionContext } from './session-context.js';

const TAGS_A_STATEMENT = 10_000;

/** See `ScanSession.history`. The resources are stored, `partIds` are theirs. */
export async function pointerHistory(
  db: Db,
  context: SessionContext,
  { resources, partIds }: { resources: readonly Resource[]; partIds: readonly number[] },
  facts: ReadonlySet<PointerFact>,
): Promise<readonly (readonly PointerHistory[])[]> {
  const ids = await resourceIds(db, resources, partIds);
  const pointers = resources.flatMap(({ resource, tags }, i): Pointer[] => {
    const place = { resourceId: ids[i] ?? 0, resource: identity(resource) };
    return tags.map(({ name, digest }) => ({ ...place, name: identity(name), digest }));
  });
  const [firstSeen, was] = [facts.has('firstSeen'), facts.has('was')];
  const unaccepted = was && !firstSeen ? await withUnaccepted(db, ids) : new Set(ids);
  const stored = firstSeen || was ? await storedOf(db, pointers, { unaccepted, firstSeen }) : [];
  const elsewhere = facts.has('elsewhere') ? await pointersElsewhere(db, context, pointers) : null;
  const all = pointers.map(({ digest }, place): PointerHistory => {
    const row = stored[place];
    const known = row?.baseline ?? digest;
    return {
      ...(firstSeen && row !== undefined ? { firstSeenAt: row.first_seen_at } : {}),
      ...(was ? { cameBack: row?.came_back ?? false } : {}),
      ...(was && known !== null ? { was: known } : {}),
      ...(elsewhere === null ? {} : { elsewhere: elsewhere[place] ?? [] }),
    };
  });
  let start = 0;
  return resources.map(({ tags }) => all.slice(start, (start += tags.length)));
}

interface Pointer extends Pointed {
  readonly resourceId: number;
  readonly digest: string | null;
}

async function resourceIds(
  db: Db,
  resources: readonly Resource[],
  partIds: readonly number[],
): Promise<readonly number[]> {
  const names = resources.map(({ resource }) => identity(resource));
  const { rows } = await sql<{ id: number; place: number }>`
    select r.id, i.place
    from unnest(${[...partIds]}::int[], ${names}::text[]) with ordinality as i(part_id, resource, place)
    join tagward.resource r on r.part_id = i.part_id and r.resource = i.resource
  `.execute(db);
  const ids = names.map(() => 0);
  for (const { id, place } of rows) ids[place - 1] = id;
  return ids;
}

/** Those of the resources that have a name which stands as nobody accepted it: mostly none. */
async function withUnaccepted(db: Db, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    select i.id from unnest(${[...new Set(ids)]}::bigint[]) as i(id)
    where exists (
      select from tagward.tag t
      where t.resource_id = i.id and (t.baseline is not null or t.returned_at is not null)
    )
  `.execute(db);
  return new Set(rows.map(({ id }) => id));
}

interface Stored {
  readonly first_seen_at: Date;
  readonly baseline: string | null;
  readonly came_back: boolean;
}

/** What is stored of the pointers of these resources, by their place; where everything is as it was, nothing is. */
async function storedOf(
  db: Db,
  pointers: readonly Pointer[],
  { unaccepted, firstSeen }: { unaccepted: ReadonlySet<number>; firstSeen: boolean },
): Promise<readonly (Stored | undefined)[]> {
  const stored: (Stored | undefined)[] = pointers.map(() => undefined);
  const asked = pointers.flatMap(({ resourceId }, place) => (unaccepted.has(resourceId) ? [place] : []));
  const which = firstSeen ? sql`true` : sql`(k.baseline is not null or k.returned_at is not null)`;
  for (let start = 0; start < asked.length; start += TAGS_A_STATEMENT) {
    const places = asked.slice(start, start + TAGS_A_STATEMENT);
    const { rows } = await sql<Stored & { place: number }>`
      select i.place, t.*
      from unnest(
        ${places}::int[], ${places.map((place) => pointers[place]?.resourceId)}::bigint[],
        ${places.map((place) => pointers[place]?.name)}::text[]
      ) as i(place, resource_id, name)
      cross join lateral (
        select k.first_seen_at, k.baseline, k.returned_at is not null as came_back
        from tagward.tag k
        where k.resource_id = i.resource_id and k.name = i.name and ${which}
        limit 1
      ) as t
    `.execute(db);
    for (const { place, ...row } of rows) stored[place] = row;
  }
  return stored;
}
