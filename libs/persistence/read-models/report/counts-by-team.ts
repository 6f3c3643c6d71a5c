import { sql } from 'kysely';
import type { PeriodCounts, ReportRequest, ReportSummary } from '#application';
import { oneOf } from '../../connection/conditions.js';
import type { Db } from '../../connection/transactions.js';
import { findingsOf, PERIOD_COUNTS } from './period-counts.js';

const TEAMS = 100;

/** By the owner that the resource of a finding had when it was last read. */
export async function countsByTeam(
  db: Db,
  request: ReportRequest,
): Promise<Pick<ReportSummary, 'byTeam' | 'teamsBeyond'>> {
  const { rows } = await sql<PeriodCounts & { team: string | null; teams: number }>`
    with counted as (
      select r.team, ${PERIOD_COUNTS}
      from ${findingsOf(request, oneOf(sql`f.target_id`, request.targetIds))}
      left join tagward.resource r on r.part_id = f.part_id and r.resource = f.resource and r.team is not null
      group by r.team
    )
    select c.*, count(*) over () as teams
    from counted c
    where c.open + c.new + c.resolved + c.suppressed > 0
    order by c.open desc, c.team
    limit ${TEAMS}
  `.execute(db);
  return {
    byTeam: rows.map(({ teams: _teams, ...counts }) => counts),
    teamsBeyond: (rows[0]?.teams ?? 0) - rows.length,
  };
}
