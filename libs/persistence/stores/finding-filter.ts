import { sql } from 'kysely';
import { CONFLICT_RULE } from '#core';
import type { FindingFilter, Visible } from '#application';
import { allOf, type Condition, contains, equals, hasLabels, oneOf } from '../connection/conditions.js';
import { FLAPPING_AFTER } from '../rows/flapping.js';
import { findingLastSeen } from '../rows/last-seen.js';
import { urgencyOf } from '../rows/severity.row.js';

/** What a filter asks of `tagward.finding as f`. */
export function findingConditions(filter: FindingFilter, visible: Visible): Condition[] {
  return [
    ...oneOf(sql`f.target_id`, visible),
    ...oneOf(sql`f.target_id`, filter.targetIds),
    ...oneOf(sql`f.rule_pack`, filter.rulePacks),
    ...oneOf(sql`f.state`, filter.states),
    ...oneOf(sql`f.resource`, filter.resources),
    ...oneOf(sql`f.tag`, filter.tags),
    ...equals(sql`f.fixable`, filter.fixable),
    ...contains([sql`f.resource`, sql`f.tag`, sql`f.value`, sql`f.message`], filter.search),
    ...severities(filter),
    ...rules(filter),
    ...targets(filter),
    ...teams(filter),
    ...flapping(filter),
    ...seenByScan(filter),
  ];
}

function severities({ severities: wanted }: FindingFilter): Condition[] {
  if (wanted === undefined) return [];
  const urgencies = wanted.map(urgencyOf);
  return [
    urgencies.length === 1
      ? sql`f.urgency = ${urgencies[0]}`
      : sql`f.urgency = any(${urgencies}::smallint[])`,
  ];
}

/** `rule` of any pack, or `pack/rule`; neither name has a slash in it. */
function rules({ ruleIds }: FindingFilter): Condition[] {
  if (ruleIds === undefined) return [];
  const asked = ruleIds.map((id) => {
    const slash = id.indexOf('/');
    const rule = sql<boolean>`f.rule_id = ${id.slice(slash + 1)}`;
    return slash < 0 ? rule : allOf([rule, sql<boolean>`f.rule_pack = ${id.slice(0, slash)}`]);
  });
  const [first, second] = asked;
  if (first === undefined) return [sql<boolean>`false`];
  return [second === undefined ? first : sql<boolean>`(${sql.join(asked, sql` or `)})`];
}

/** Targets are few: looked up once, not joined, so that an index in the order of the list still serves it. */
function targets({ platforms, labels }: FindingFilter): Condition[] {
  const conditions = [...oneOf(sql`g.platform`, platforms), ...hasLabels(sql`g.labels`, labels)];
  if (conditions.length === 0) return [];
  return [sql`f.target_id = any(array(select g.id from tagward.target g where ${allOf(conditions)}))`];
}

function teams({ teams: wanted }: FindingFilter): Condition[] {
  if (wanted === undefined) return [];
  return [
    sql`exists (
      select from tagward.resource r
      where r.part_id = f.part_id and r.resource = f.resource and r.team = any(${[...wanted]}::text[])
    )`,
  ];
}

function flapping({ flapping: wanted }: FindingFilter): Condition[] {
  if (wanted === undefined) return [];
  return [wanted ? sql`f.times_reopened >= ${FLAPPING_AFTER}` : sql`f.times_reopened < ${FLAPPING_AFTER}`];
}

/**
 * A scan leaves no row per finding it saw: it saw those that it opened or resolved, and those of its packs and scopes that were open before
 * it and seen at its time or later; Tagward's own rules are of no pack and run in all scans. A finding that was resolved and came back since counts for the scans since it came back.
 */
function seenByScan({ scanId }: FindingFilter): Condition[] {
  if (scanId === undefined) return [];
  return [
    sql`f.target_id = (select c.target_id from tagward.scan c where c.id = ${scanId})`,
    sql`exists (
      select from tagward.scan c
      join tagward.read_part p on p.id = f.part_id
      left join tagward.rule_set s on s.id = p.rule_set_id
      where c.id = ${scanId} and c.target_id = f.target_id and (
        f.opened_scan = c.number
        or f.resolved_scan = c.number
        or (
          f.opened_at <= c.observed_at
          and ${findingLastSeen} >= c.observed_at
          and (c.scopes is null or f.resource = any(c.scopes))
          and (
            f.rule_pack = ${CONFLICT_RULE.rulePack}
            or c.rule_packs @> jsonb_build_array(jsonb_build_object('name', f.rule_pack))
          )
        )
      )
    )`,
  ];
}
