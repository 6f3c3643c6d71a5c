import { type RawBuilder, sql } from 'kysely';
import type { SparedFindings } from '#application';
import type { ReadUnit } from '#core';
import { findingLastSeen } from '../rows/last-seen.js';
import type { Db } from '../connection/transactions.js';
import { identity } from './identity.js';
import type { SeenRows } from './seen.js';
import { AbsenceFinder, type SeenIds } from './seen-ids.js';
import type { SessionContext } from './session-context.js';

const PAGE = 20_000;

/** Ids of the parts of the target that a unit covers, and whether an earlier scan found one of them implausibly small. */
export async function partsOfUnit(
  { db, targetId, scanNumber }: Pick<SessionContext, 'db' | 'targetId' | 'scanNumber'>,
  unit: ReadUnit,
): Promise<{ readonly ids: readonly number[]; readonly suspected: boolean }> {
  const { rows } = await sql<{ id: number; suspected: boolean }>`
    select p.id, coalesce(p.suspected_scan <> ${scanNumber}, false) as suspected
    from tagward.read_part p
    where ${ofUnit(targetId, unit)}
  `.execute(db);
  return { ids: rows.map(({ id }) => id), suspected: rows.some(({ suspected }) => suspected) };
}

export function ofUnit(targetId: string, unit: ReadUnit): RawBuilder<boolean> {
  const type = unit.resourceType === null ? sql`` : sql`and p.resource_type = ${identity(unit.resourceType)}`;
  return sql`p.target_id = ${targetId} and p.scope = ${identity(unit.scope)} ${type}`;
}

/** Marks what is present but was not seen as missing, and resolves findings of the run rules that were not found. */
export async function settlePart(
  db: Db,
  context: SessionContext,
  { seen, spared }: { readonly seen: SeenRows; readonly spared: SparedFindings | null },
  partId: number,
): Promise<void> {
  const { resources, tags, findings } = seen;
  const { at, resources: limit } = context;
  if (limit !== null || (await countPresent(db, 'resource', partId)) !== resources.sorted().length) {
    const only = limit === null ? sql`` : sql`and x.resource = any(${[...limit]}::text[])`;
    const present = sql`from tagward.resource x where x.part_id = ${partId} and x.missing_since is null ${only}`;
    await forAbsent(db, present, resources, (ids) => markMissing(db, 'resource', ids, at));
  }
  if (limit !== null || (await countPresent(db, 'tag', partId)) !== tags.sorted().length) {
    const present = sql`from tagward.tag x where x.part_id = ${partId} and x.missing_since is null ${tagsOf(partId, limit)}`;
    await forAbsent(db, present, tags, (ids) => markMissing(db, 'tag', ids, at));
  }
  await resolveAbsent(db, context, partId, { found: findings, spared });
}

/** Every seen row is present, so equal numbers are equal sets. */
async function countPresent(db: Db, table: 'resource' | 'tag', partId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(`tagward.${table}`)} x where x.part_id = ${partId} and x.missing_since is null
  `.execute(db);
  return rows[0]?.count ?? 0;
}

function tagsOf(partId: number, limit: readonly string[] | null): RawBuilder<unknown> {
  if (limit === null) return sql``;
  return sql`and x.resource_id in (
    select r.id from tagward.resource r where r.part_id = ${partId} and r.resource = any(${[...limit]}::text[])
  )`;
}

async function resolveAbsent(
  db: Db,
  context: SessionContext,
  partId: number,
  { found, spared }: { readonly found: SeenIds; readonly spared: SparedFindings | null },
): Promise<void> {
  const { at, scanNumber, ruleSet, resources: limit } = context;
  const only = limit === null ? sql`` : sql`and x.resource = any(${[...limit]}::text[])`;
  const live = sql`from (
    select f.key as id, f.resource
    from tagward.finding f
    where f.part_id = ${partId} and f.state <> 'RESOLVED'
      and f.rule_pack || '/' || f.rule_id = any(${[...ruleSet.rules]}::text[])
  ) as x where true ${only}`;
  await forAbsent(db, live, found, async (absent) => {
    const keys = spared === null ? absent : await withoutSpared(db, partId, absent, spared);
    await resolveFindings(
      db,
      { at, scanNumber },
      sql`f.part_id = ${partId} and f.key = any(${[...keys]}::bigint[])`,
    );
  });
}

/** Leaves out findings of what could not be judged; a tag that is gone is not spared, whatever could not be judged. */
async function withoutSpared(
  db: Db,
  partId: number,
  keys: readonly number[],
  spared: SparedFindings,
): Promise<readonly number[]> {
  if (spared.rules.length === 0) return keys;
  const { rows } = await sql<{ key: number; rule: string; resource: string; tag: string | null }>`
    select f.key, f.rule_pack || '/' || f.rule_id as rule, f.resource, f.tag
    from tagward.finding f
    join tagward.resource r on r.part_id = f.part_id and r.resource = f.resource and r.missing_since is null
    where f.part_id = ${partId} and f.key = any(${[...keys]}::bigint[])
      and f.rule_pack || '/' || f.rule_id = any(${[...spared.rules]}::text[])
      and (f.tag is null or exists (
        select from tagward.tag t where t.resource_id = r.id and t.name = f.tag and t.missing_since is null
      ))
  `.execute(db);
  if (rows.length === 0) return keys;
  const unjudged = new Set(
    [...spared.tags()].map(({ rule, resource, tag }) =>
      sparedKey(rule, identity(resource), typeof tag === 'string' ? identity(tag) : tag),
    ),
  );
  const kept = new Set(
    rows
      .filter(({ rule, resource, tag }) =>
        [tag, undefined].some((about) => unjudged.has(sparedKey(rule, resource, about))),
      )
      .map(({ key }) => key),
  );
  return keys.filter((key) => !kept.has(key));
}

/** Of texts as they are stored. */
const sparedKey = (rule: string, resource: string, tag: string | null | undefined): string =>
  JSON.stringify(tag === undefined ? [rule, resource] : [rule, resource, tag]);

/** Walks what is present by id, a page at a time, and hands over the ids that were not seen. */
async function forAbsent(
  db: Db,
  present: RawBuilder<unknown>,
  seen: SeenIds,
  handle: (ids: readonly number[]) => Promise<void>,
): Promise<void> {
  const finder = new AbsenceFinder(seen.sorted());
  for (let after = 0; ;) {
    const { rows } = await sql<{ id: number }>`
      select x.id ${present} and x.id > ${after} order by x.id limit ${PAGE}
    `.execute(db);
    const absent = finder.absent(rows.map(({ id }) => id));
    if (absent.length > 0) await handle(absent);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.id ?? after;
  }
}

async function markMissing(
  db: Db,
  table: 'resource' | 'tag',
  ids: readonly number[],
  at: Date,
): Promise<void> {
  await markMissingWhere(db, table, sql`x.id = any(${[...ids]}::bigint[])`, at);
}

/** Of a name that came back and is gone again nothing is left to accept, but what it was known by before. */
export async function markMissingWhere(
  db: Db,
  table: 'resource' | 'tag',
  which: RawBuilder<unknown>,
  at: Date,
): Promise<void> {
  const settled = table === 'tag' ? sql`, returned_at = null` : sql``;
  await sql`
    update ${sql.table(`tagward.${table}`)} as x
    set missing_since = ${at}, seen_at = greatest(x.seen_at, p.last_read_at) ${settled}
    from tagward.read_part p
    where p.id = x.part_id and ${which}
  `.execute(db);
}

/** Resolves the live findings `f` that the condition names; what was last seen of them is written down now. */
export async function resolveFindings(
  db: Db,
  { at, scanNumber }: Pick<SessionContext, 'at' | 'scanNumber'>,
  which: RawBuilder<boolean>,
  because: string | null = null,
): Promise<void> {
  const evidence =
    because === null
      ? sql`u.evidence`
      : sql`u.evidence || jsonb_build_object('resolvedBecause', ${because}::text)`;
  await sql`
    update tagward.finding u
    set state = 'RESOLVED', resolved_at = ${at}, resolved_scan = ${scanNumber}, seen_at = gone.last_seen, evidence = ${evidence},
      suppressed_at = null, suppressed_by = null, suppressed_until = null, suppression_reason = null
    from (
      select f.id, ${findingLastSeen} as last_seen
      from tagward.finding f
      join tagward.read_part p on p.id = f.part_id
      left join tagward.rule_set s on s.id = p.rule_set_id
      where f.state <> 'RESOLVED' and ${which}
    ) as gone
    where u.id = gone.id
  `.execute(db);
}

/** Notes when the parts were read and by which rules they were judged; the time of rules that did not run this time is kept aside. */
export async function noteRead(
  db: Db,
  { at, ruleSet }: SessionContext,
  partIds: readonly number[],
): Promise<void> {
  await sql`
    update tagward.read_part p
    set evaluated = case
        when p.rule_set_id = ${ruleSet.id} then p.evaluated
        else (p.evaluated || coalesce((
          select jsonb_object_agg(e.rule, p.last_read_at)
          from tagward.rule_set s, jsonb_array_elements_text(s.rules) as e(rule)
          where s.id = p.rule_set_id
        ), '{}')) - ${[...ruleSet.rules]}::text[]
      end,
      rule_set_id = ${ruleSet.id}, last_read_at = greatest(p.last_read_at, ${at}), suspected_scan = null
    where p.id = any(${[...partIds]}::int[])
  `.execute(db);
}
