import { sql } from 'kysely';
import type {
  Page,
  PageRequest,
  ResourceFilter,
  ResourceRecord,
  TagFilter,
  TagRecord,
  Visible,
} from '#application';
import { allOf, type Condition, contains, equals } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { type ResourceRow, resourceRecord, type TagRow, tagRecord } from '../rows/inventory.row.js';
import { inventoryLastSeen } from '../rows/last-seen.js';
import { countRows } from './count-rows.js';
import { keysetPage } from './keyset-page.js';
import { ofAny, ownersOfTags, partsOf, rowsOfEach } from './owners.js';
import { ROW_ID } from './row-id.js';

const RESOURCES = sql`tagward.resource r join tagward.read_part p on p.id = r.part_id`;
const TAGS = sql`tagward.tag t join tagward.resource r on r.id = t.resource_id join tagward.read_part p on p.id = t.part_id`;
const PLACE = sql`p.target_id, p.scope, p.resource_type`;

/** Present tags, in the order in which they were first seen. */
export async function tagsPage(
  db: Db,
  filter: TagFilter,
  page: PageRequest,
  visible: Visible,
): Promise<Page<TagRecord>> {
  const owners = await ownersOfTags(db, filter, visible);
  const where = allOf([
    sql<boolean>`t.missing_since is null`,
    ...equals(sql`t.name`, filter.name),
    ...equals(sql`t.value`, filter.value),
    ...equals(sql`t.digest`, filter.digest),
    ...contains([sql`t.name`, sql`t.value`, sql`r.resource`], filter.search),
  ]);
  return keysetPage(
    {
      name: 'tags',
      keys: [{ column: sql`t.id`, type: 'bigint', of: (row: TagRow) => row.id }],
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        rowsOfEach<TagRow>(
          db,
          owners,
          limit,
          (own) => sql`
          select t.*, r.resource, ${PLACE}, ${inventoryLastSeen('t')} as last_seen_at
          from ${TAGS} where ${own} and ${where} and ${after} order by ${order} limit ${limit}
        `,
        ),
      count: () => countRows(db, TAGS, allOf([ofAny(owners), where])),
      node: tagRecord,
    },
    page,
  );
}

/** Present resources, in the order in which they were first seen. `removable` is known of none yet, so that either answer matches nothing. */
export async function resourcesPage(
  db: Db,
  filter: ResourceFilter,
  page: PageRequest,
  visible: Visible,
): Promise<Page<ResourceRecord>> {
  const owners = await partsOf(db, sql`r.part_id`, filter, visible);
  const where = allOf([
    sql<boolean>`r.missing_since is null`,
    ...equals(sql`r.resource`, filter.resource),
    ...contains([sql`r.resource`], filter.search),
    ...tagged(filter),
    ...(filter.removable === undefined ? [] : [sql<boolean>`false`]),
  ]);
  return keysetPage(
    {
      name: 'resources',
      keys: [{ column: sql`r.id`, type: 'bigint', of: (row: ResourceRow) => row.id }],
      direction: 'asc',
      rows: ({ after, order, limit }) =>
        rowsOfEach<ResourceRow>(
          db,
          owners,
          limit,
          (own) => sql`
          select r.*, ${PLACE}, ${inventoryLastSeen('r')} as last_seen_at
          from ${RESOURCES} where ${own} and ${where} and ${after} order by ${order} limit ${limit}
        `,
        ),
      count: () => countRows(db, RESOURCES, allOf([ofAny(owners), where])),
      node: resourceRecord,
    },
    page,
  );
}

export async function tagsOfResources(
  db: Db,
  resourceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly TagRecord[]>> {
  const ids = resourceIds.filter((id) => ROW_ID.test(id));
  const { rows } = await sql<TagRow>`
    select t.*, r.resource, ${PLACE}, ${inventoryLastSeen('t')} as last_seen_at
    from ${TAGS}
    where t.resource_id = any(${ids}::bigint[]) and t.missing_since is null
    order by t.name
  `.execute(db);
  const byResource = new Map<string, TagRecord[]>(resourceIds.map((id) => [id, []]));
  for (const row of rows) byResource.get(String(row.resource_id))?.push(tagRecord(row));
  return byResource;
}

function tagged(filter: ResourceFilter): Condition[] {
  if (filter.tagged === undefined) return [];
  const exists = sql<boolean>`exists (select from tagward.tag t where t.resource_id = r.id and t.missing_since is null)`;
  return [filter.tagged ? exists : sql<boolean>`not ${exists}`];
}
