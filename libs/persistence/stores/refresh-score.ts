import { type RawBuilder, sql } from 'kysely';
import { SEVERITIES, SEVERITY_WEIGHT } from '#core';
import { utcDay } from '../connection/conditions.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import type { Db } from '../connection/transactions.js';

/**
 * `hygieneScore = 100 * (1 - sum over faulty tags of their worst severity's weight / tags)`, never under 0. A tag that is not there but at
 * fault (a missing required key, or the resource as a whole) counts as a tag. Only open findings count. null until the target was read once.
 *
 * What it has become is kept as a point of the target's history, unless the day's last point says the same.
 *
 * @param at the moment that the point is of; never before the point that came last
 */
export async function refreshScore(db: Db, targetId: string, at: Date): Promise<void> {
  await allowLongStatements(db);
  await hashJoinsOnly(db, true);
  const parts = sql`array(select p.id from tagward.read_part p where p.target_id = ${targetId})`;
  await sql`
    with faulty as (
      select f.part_id, f.resource, f.tag, min(f.urgency) as urgency, count(*) as findings
      from tagward.finding f
      where f.target_id = ${targetId} and f.state = 'OPEN'
      group by f.part_id, f.resource, f.tag
    ),
    faults as (
      select coalesce(sum(${weightOf(sql.ref('y.urgency'))}), 0) as weight,
        coalesce(sum(y.findings), 0) as findings,
        count(*) filter (where t.id is null) as absent
      from faulty y
      left join (
        select r.id, r.part_id, r.resource from tagward.resource r
        where r.missing_since is null and r.part_id = any (${parts})
      ) r on r.part_id = y.part_id and r.resource = y.resource
      left join (
        select t.id, t.resource_id, t.name from tagward.tag t
        where t.missing_since is null and t.part_id = any (${parts})
      ) t on t.resource_id = r.id and t.name = y.tag
    ),
    present as (
      select count(*) as tags
      from tagward.tag t
      where t.missing_since is null and t.part_id = any (${parts})
    ),
    read as (
      select exists (select from tagward.read_part p where p.target_id = ${targetId} and p.last_read_at is not null)
        or exists (select from tagward.scan s where s.target_id = ${targetId} and s.status in ('SUCCEEDED', 'PARTIAL')) as once
    )
    update tagward.target g
    set open_findings = f.findings,
      scored_tags = p.tags + f.absent,
      fault_weight = f.weight,
      hygiene_score = case when r.once then ${scoreOf(sql`f.weight`, sql`(p.tags + f.absent)`)} end
    from faults f, present p, read r
    where g.id = ${targetId}
  `.execute(db);
  await hashJoinsOnly(db, false);
  await keepPoint(db, targetId, at);
}

/** The target's row is held by then: points of one target are written one after the other. */
async function keepPoint(db: Db, targetId: string, at: Date): Promise<void> {
  await sql`
    insert into tagward.score_point (target_id, at, open, scored_tags, fault_weight, score)
    select g.id, greatest(${at}::timestamptz, l.at), g.open_findings, g.scored_tags, g.fault_weight, g.hygiene_score
    from tagward.target g
    left join lateral (
      select p.* from tagward.score_point p where p.target_id = g.id order by p.at desc limit 1
    ) l on true
    where g.id = ${targetId} and g.hygiene_score is not null
      and (l.at is null or ${utcDay(sql`l.at`)} < ${utcDay(sql`${at}::timestamptz`)}
        or (l.open, l.scored_tags, l.fault_weight) is distinct from (g.open_findings, g.scored_tags, g.fault_weight))
    on conflict (target_id, at) do update
      set open = excluded.open, scored_tags = excluded.scored_tags, fault_weight = excluded.fault_weight, score = excluded.score
  `.execute(db);
}

/** Right after a scan the planner's figures are too old: loops and merges that look cheap to it take quadratic time, a hash never does. */
async function hashJoinsOnly(db: Db, only: boolean): Promise<void> {
  const others = only ? 'off' : 'on';
  await sql`
    select set_config('enable_nestloop', ${others}, true), set_config('enable_mergejoin', ${others}, true)
  `.execute(db);
}

/** SQL of the score, 0..100. */
export function scoreOf(weight: RawBuilder<unknown>, tags: RawBuilder<unknown>): RawBuilder<number> {
  return sql`greatest(0, 100 * (1 - coalesce(${weight} / nullif(${tags}, 0)::double precision, 0)))`;
}

function weightOf(urgency: RawBuilder<unknown>): RawBuilder<number> {
  const branches = SEVERITIES.map(
    (severity, rank) =>
      sql`when ${sql.lit(urgencyOfRank(rank))} then ${sql.lit(SEVERITY_WEIGHT[severity])}::double precision`,
  );
  return sql`case ${urgency} ${sql.join(branches, sql` `)} end`;
}

function urgencyOfRank(rank: number): number {
  return SEVERITIES.length - 1 - rank;
}
