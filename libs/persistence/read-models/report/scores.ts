import { type RawBuilder, sql } from 'kysely';
import type { ScorePoint, Visible } from '#application';
import { allOf, type Condition, oneOf, utcDay } from '../../connection/conditions.js';
import type { Db } from '../../connection/transactions.js';
import { scoreOf } from '../../stores/refresh-score.js';
import type { Period } from './period.js';

/** What the score of some tags is made of. */
export interface Scored {
  readonly tags: number;
  readonly weight: number;
}

/** What a target had come to at a moment. */
export interface TargetScore extends Scored {
  readonly target_id: string;
  readonly score: number;
}

/** The last point of each target at a moment or before it, by target; a target that has none was not scanned by then. */
export async function scoresAt(
  db: Db,
  moment: Date,
  targetIds: Visible,
): Promise<ReadonlyMap<string, TargetScore>> {
  const { rows } = await sql<TargetScore>`
    select g.id as target_id, p.scored_tags as tags, p.fault_weight as weight, p.score
    from tagward.target g
    cross join lateral ${lastPoint(moment)} as p
    where ${allOf(oneOf(sql`g.id`, targetIds))}
  `.execute(db);
  return new Map(rows.map((row) => [row.target_id, row]));
}

/** Subquery: the last point of `tagward.target as g` at a moment or before it. */
export function lastPoint(moment: Date): RawBuilder<unknown> {
  return sql`(
    select l.* from tagward.score_point l where l.target_id = g.id and l.at <= ${moment} order by l.at desc limit 1
  )`;
}

/** As `scoreOf` of refresh-score.ts, over targets that were read from the database; null when there are none. */
export function scoreOver(targets: readonly Scored[]): number | null {
  if (targets.length === 0) return null;
  const tags = targets.reduce((sum, target) => sum + target.tags, 0);
  const weight = targets.reduce((sum, target) => sum + target.weight, 0);
  return tags === 0 ? 100 : Math.max(0, 100 * (1 - weight / tags));
}

/**
 * One point for each day (UTC) of a period on which a target's score was found: what the targets together had come to at the day's last
 * point. Work grows with the points of the period, not with days times targets.
 */
export async function dailyScores(db: Db, { from, to }: Period, targetIds: Visible): Promise<ScorePoint[]> {
  const target: Condition = allOf(oneOf(sql`g.id`, targetIds));
  const { rows } = await sql<ScorePoint>`
    with points as (
      select p.target_id, p.at, true as within, p.open, p.scored_tags, p.fault_weight
      from tagward.score_point p
      where p.at >= ${from} and p.at <= ${to} and ${allOf(oneOf(sql`p.target_id`, targetIds))}
      union all
      select g.id, p.at, false, p.open, p.scored_tags, p.fault_weight
      from tagward.target g
      cross join lateral (
        select l.* from tagward.score_point l where l.target_id = g.id and l.at < ${from} order by l.at desc limit 1
      ) as p
      where ${target}
    ),
    last_of_day as (
      select distinct on (p.target_id, p.within, ${utcDay(sql`p.at`)}) p.*, ${utcDay(sql`p.at`)} as day
      from points p
      order by p.target_id, p.within, ${utcDay(sql`p.at`)}, p.at desc
    ),
    moves as (
      select d.within, d.day, d.at,
        d.open - coalesce(lag(d.open) over w, 0) as open,
        d.scored_tags - coalesce(lag(d.scored_tags) over w, 0) as tags,
        d.fault_weight::numeric - coalesce(lag(d.fault_weight) over w, 0)::numeric as weight
      from last_of_day d
      window w as (partition by d.target_id order by d.at)
    ),
    days as (
      select m.within, case when m.within then m.day end as day, max(m.at) as at,
        sum(m.open) as open, sum(m.tags) as tags, sum(m.weight) as weight
      from moves m
      group by 1, 2
    ),
    run as (
      select d.within, d.at, sum(d.open) over r as open, sum(d.tags) over r as tags, sum(d.weight) over r as weight
      from days d
      window r as (order by d.within, d.day)
    )
    select r.at, ${scoreOf(sql`r.weight::double precision`, sql`r.tags`)} as score, r.open::integer as open
    from run r
    where r.within
    order by r.at
  `.execute(db);
  return rows;
}
