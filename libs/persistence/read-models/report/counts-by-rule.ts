import { sql } from 'kysely';
import { SEVERITIES, type Severity } from '#core';
import type { PeriodCounts, ReportRequest, ReportSummary } from '#application';
import { oneOf } from '../../connection/conditions.js';
import type { Db } from '../../connection/transactions.js';
import { FLAPPING_AFTER } from '../../rows/flapping.js';
import { severityOf, urgencyOf } from '../../rows/severity.row.js';
import { countsForNothing, findingsOf, PERIOD_COUNTS, sumOf } from './period-counts.js';

/** What the findings of one rule and severity in one target count for: few rows, whatever the number of findings. */
export interface CountedRule extends PeriodCounts {
  readonly target_id: string;
  readonly urgency: number;
  readonly rule_pack: string;
  readonly rule_id: string;
  readonly flapping: number;
  readonly fixable: number;
}

export async function countsByRule(db: Db, request: ReportRequest): Promise<readonly CountedRule[]> {
  const { rows } = await sql<CountedRule>`
    select f.target_id, f.urgency, f.rule_pack, f.rule_id, ${PERIOD_COUNTS},
      count(*) filter (where f.state_at = 'OPEN' and f.times_reopened >= ${FLAPPING_AFTER}) as flapping,
      count(*) filter (where f.state_at = 'OPEN' and f.mendable) as fixable
    from ${findingsOf(request, oneOf(sql`f.target_id`, request.targetIds))}
    group by f.target_id, f.urgency, f.rule_pack, f.rule_id
  `.execute(db);
  return rows.filter((row) => !countsForNothing(row));
}

export function totalsOf(groups: readonly CountedRule[]): ReportSummary['totals'] {
  const total = (count: (group: CountedRule) => number) =>
    groups.reduce((sum, group) => sum + count(group), 0);
  return {
    ...sumOf(groups),
    flapping: total(({ flapping }) => flapping),
    fixable: total(({ fixable }) => fixable),
  };
}

export function bySeverity(groups: readonly CountedRule[]): ReportSummary['bySeverity'] {
  return SEVERITIES.toReversed().map((severity) => ({
    severity,
    ...sumOf(groups.filter(({ urgency }) => urgency === urgencyOf(severity))),
  }));
}

/** @param titles by pack and rule, as `ruleTitles` gives them */
export function byRule(
  groups: readonly CountedRule[],
  titles: ReadonlyMap<string, string>,
): ReportSummary['byRule'] {
  const rules = Map.groupBy(groups, ({ rule_pack, rule_id }) => titleKey(rule_pack, rule_id));
  return [...rules]
    .flatMap(([key, [first, ...others]]) => {
      if (first === undefined) return [];
      const all = [first, ...others];
      return {
        rulePack: first.rule_pack,
        ruleId: first.rule_id,
        title: titles.get(key) ?? first.rule_id,
        severity: worstOf(all),
        ...sumOf(all),
      };
    })
    .sort((a, b) => b.open - a.open || compare(a.rulePack, b.rulePack) || compare(a.ruleId, b.ruleId));
}

export const titleKey = (rulePack: string, ruleId: string): string => `${rulePack}/${ruleId}`;

function worstOf(groups: readonly CountedRule[]): Severity {
  return severityOf(Math.min(...groups.map(({ urgency }) => urgency)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
