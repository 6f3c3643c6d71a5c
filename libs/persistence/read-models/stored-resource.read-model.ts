import { sql } from 'kysely';
import { HygieneError, type PointerFacts, type Resource, type Tag } from '#core';
import type { ManifestRecord, ResourcePlace, StoredFacts } from '#application';
import type { Db } from '../connection/transactions.js';
import { identity } from '../scan-session/identity.js';
import { pointersElsewhere } from '../scan-session/pointers-elsewhere.js';
import { manifestsByDigest } from './content.read-model.js';

interface ResourceRow {
  readonly id: number;
  readonly created_at: Date | null;
  readonly facts: Resource['facts'] | null;
}
interface TagRow {
  readonly name: string;
  readonly value: string | null;
  readonly digest: string | null;
  readonly created_at: Date | null;
  readonly first_seen_at: Date;
  readonly peeled: string | null;
  readonly annotated: boolean | null;
  readonly baseline: string | null;
  readonly came_back: boolean;
}

/** See `InventoryReader`. */
export async function storedResource(
  db: Db,
  place: ResourcePlace,
  ask: StoredFacts,
): Promise<Resource | null> {
  const row = await findResource(db, place);
  if (row === undefined) return null;
  const rows = await tagsOf(db, row.id, ask.most + 1);
  if (rows.length > ask.most) throw tooMany(place, ask.most);
  const { scope, resource, resourceType } = place;
  return {
    ...{ scope, resource, resourceType },
    createdAt: row.created_at,
    tags: await withFacts(db, rows, { place, ask }),
    managedBy: null,
    facts: row.facts ?? {},
  };
}

async function findResource(db: Db, place: ResourcePlace): Promise<ResourceRow | undefined> {
  const { rows } = await sql<ResourceRow>`
    select r.id, r.created_at, r.facts
    from tagward.resource r join tagward.read_part p on p.id = r.part_id
    where p.target_id = ${place.targetId} and p.scope = ${identity(place.scope)}
      and p.resource_type = ${place.resourceType} and r.resource = ${identity(place.resource)}
      and r.missing_since is null
  `.execute(db);
  return rows[0];
}

async function tagsOf(db: Db, resourceId: number, most: number): Promise<readonly TagRow[]> {
  const { rows } = await sql<TagRow>`
    select t.name, t.value, t.digest, t.created_at, t.first_seen_at, t.peeled, t.annotated, t.baseline,
      t.returned_at is not null as came_back
    from tagward.tag t
    where t.resource_id = ${resourceId} and t.missing_since is null
    order by t.id limit ${most}
  `.execute(db);
  return rows;
}

async function withFacts(
  db: Db,
  rows: readonly TagRow[],
  { place, ask }: { readonly place: ResourcePlace; readonly ask: StoredFacts },
): Promise<readonly Tag[]> {
  const digests = [...new Set(rows.flatMap(({ digest }) => digest ?? []))];
  const manifests = await manifestsByDigest(db, digests);
  const resource = identity(place.resource);
  const elsewhere = ask.facts.has('elsewhere')
    ? await pointersElsewhere(
        db,
        place,
        rows.map(({ name }) => ({ resource, name })),
      )
    : null;
  return rows.map((row, index): Tag => {
    const tag = { name: row.name, value: row.value, digest: row.digest, createdAt: row.created_at };
    if (row.value !== null) return tag;
    const also = elsewhere === null ? {} : { elsewhere: elsewhere[index] ?? [] };
    return { ...tag, pointer: { ...historyOf(row), ...contentOf(manifests.get(row.digest ?? '')), ...also } };
  });
}

function historyOf({ digest, first_seen_at, peeled, annotated, baseline, came_back }: TagRow): PointerFacts {
  const was = baseline ?? digest;
  return {
    ...(peeled === null ? {} : { peeled }),
    ...(annotated === null ? {} : { annotated }),
    ...(was === null ? {} : { was }),
    firstSeenAt: first_seen_at,
    cameBack: came_back,
  };
}

/** What a manifest says; nothing of what nobody has read. */
function contentOf(manifest: ManifestRecord | undefined): PointerFacts {
  if (manifest === undefined) return {};
  const { children, subject, bytes, layers } = manifest;
  return {
    ...{ children, subject },
    ...(bytes === null ? {} : { bytes }),
    ...(layers === null ? {} : { layers }),
  };
}

function tooMany({ resource }: ResourcePlace, most: number): HygieneError {
  return new HygieneError(
    'LIMIT_EXCEEDED',
    `${JSON.stringify(resource)} has more than ${most} tags, too many to judge while somebody waits; its findings are listed by the findings query.`,
  );
}
