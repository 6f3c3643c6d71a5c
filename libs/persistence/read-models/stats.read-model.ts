import { type RawBuilder, sql } from 'kysely';
import type { FindingFilter, Stat, StatGroup, StatRequest, Visible } from '#application';
import { SEVERITIES } from '#core';
import { allOf, type Condition, hasLabels, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { urgencyOf } from '../rows/severity.row.js';
import { findingConditions } from '../stores/finding-filter.js';
import { scoreOf } from '../stores/refresh-score.js';
import { findingsOf, PERIOD_COUNTS } from './report/period-counts.js';
import { lastPoint } from './report/scores.js';

const GROUPS = 1_000;

interface Request {
  readonly filter: FindingFilter;
  readonly stat: StatRequest;
  readonly visible: Visible;
}

/** What names a group of findings `f`. */
const OF_FINDINGS = {
  TEAM: sql`coalesce(r.team, '')`,
  RULE: sql`f.rule_pack || '/' || f.rule_id`,
  SEVERITY: severityName(),
} as const satisfies Partial<Record<StatGroup, RawBuilder<unknown>>>;

/** What names a group of targets `g`, and what those names are read from; a target may be of several groups. */
const OF_TARGETS = {
  TARGET: { name: sql`g.name`, source: sql`` },
  PLATFORM: { name: sql`upper(g.platform)`, source: sql`` },
  LABEL: {
    name: sql`(l.label ->> 'key') || '=' || (l.label ->> 'value')`,
    source: sql`cross join lateral jsonb_array_elements(g.labels) as l(label)`,
  },
} as const satisfies Partial<Record<StatGroup, { name: RawBuilder<unknown>; source: RawBuilder<unknown> }>>;

export async function findingStats(
  db: Db,
  filter: FindingFilter,
  stat: StatRequest,
  visible: Visible,
): Promise<readonly Stat[]> {
  const { groupBy } = stat;
  const request = { filter, stat, visible };
  const query =
    groupBy === 'TARGET' || groupBy === 'PLATFORM' || groupBy === 'LABEL'
      ? groupsOfTargets(request, OF_TARGETS[groupBy])
      : groupsOfFindings(request, OF_FINDINGS[groupBy], groupBy === 'TEAM');
  const { rows } = await sql<Stat>`${query} order by open desc, "group" limit ${GROUPS}`.execute(db);
  return rows;
}

function groupsOfFindings(
  { filter, stat, visible }: Request,
  name: RawBuilder<unknown>,
  byTeam: boolean,
): RawBuilder<unknown> {
  const teams = byTeam
    ? sql`left join tagward.resource r on r.part_id = f.part_id and r.resource = f.resource and r.team is not null`
    : sql``;
  return sql`
    with counted as (
      select ${name} as "group", ${PERIOD_COUNTS}
      from ${findingsOf(stat, findingConditions(filter, visible))} ${teams}
      group by 1
    )
    select c."group", c.open, c.new, c.resolved, null::double precision as score
    from counted c
    where c.open + c.new + c.resolved > 0`;
}

/** Targets without a finding are there, too: theirs is a score to show. */
function groupsOfTargets(
  { filter, stat, visible }: Request,
  { name, source }: (typeof OF_TARGETS)[keyof typeof OF_TARGETS],
): RawBuilder<unknown> {
  return sql`
    with counted as (
      select f.target_id, ${PERIOD_COUNTS}
      from ${findingsOf(stat, findingConditions(filter, visible))}
      group by f.target_id
    )
    select ${name} as "group", coalesce(sum(c.open), 0)::double precision as open,
      coalesce(sum(c.new), 0)::double precision as new, coalesce(sum(c.resolved), 0)::double precision as resolved,
      case when count(p.at) > 0 then ${scoreOf(sql`sum(p.fault_weight)`, sql`sum(p.scored_tags)`)} end as score
    from tagward.target g ${source}
    left join counted c on c.target_id = g.id
    left join lateral ${lastPoint(stat.to)} as p on true
    where ${allOf(targetConditions(filter, visible))}
    group by 1`;
}

/** What a filter of findings says of targets. */
function targetConditions(filter: FindingFilter, visible: Visible): Condition[] {
  return [
    ...oneOf(sql`g.id`, visible),
    ...oneOf(sql`g.id`, filter.targetIds),
    ...oneOf(sql`g.platform`, filter.platforms),
    ...hasLabels(sql`g.labels`, filter.labels),
  ];
}

function severityName(): RawBuilder<unknown> {
  const branches = SEVERITIES.map(
    (severity) => sql`when ${sql.lit(urgencyOf(severity))} then ${sql.lit(severity.toUpperCase())}`,
  );
  return sql`case f.urgency ${sql.join(branches, sql` `)} end`;
}
