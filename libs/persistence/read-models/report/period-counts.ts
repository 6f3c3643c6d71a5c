import { type RawBuilder, sql } from 'kysely';
import type { PeriodCounts } from '#application';
import { allOf, type Condition } from '../../connection/conditions.js';
import { concerns, isNew, isResolved, type Period, stateAt } from './period.js';

/** The findings that concern a period, as `f`: what they are grouped by, and what each counts for. */
export function findingsOf(period: Period, where: readonly Condition[]): RawBuilder<unknown> {
  return sql`(
    select f.target_id, f.part_id, f.resource, f.urgency, f.rule_pack, f.rule_id, f.times_reopened, f.fixable and not f.blocked as mendable,
      ${stateAt(period.to)} as state_at, ${isNew(period)} as is_new, ${isResolved(period)} as is_resolved
    from tagward.finding f
    where ${allOf([concerns(period), ...where])}
  ) as f`;
}

/** Select list of `PeriodCounts` over `findingsOf`. */
export const PERIOD_COUNTS: RawBuilder<PeriodCounts> = sql`
  count(*) filter (where f.state_at = 'OPEN') as open,
  count(*) filter (where f.is_new) as new,
  count(*) filter (where f.is_resolved) as resolved,
  count(*) filter (where f.state_at = 'SUPPRESSED') as suppressed`;

export const NO_COUNTS: PeriodCounts = { open: 0, new: 0, resolved: 0, suppressed: 0 };

export function sumOf(counts: Iterable<PeriodCounts>): PeriodCounts {
  const sum = { open: 0, new: 0, resolved: 0, suppressed: 0 };
  for (const { open, new: found, resolved, suppressed } of counts) {
    sum.open += open;
    sum.new += found;
    sum.resolved += resolved;
    sum.suppressed += suppressed;
  }
  return sum;
}

export function countsForNothing(counts: PeriodCounts): boolean {
  return counts.open + counts.new + counts.resolved + counts.suppressed === 0;
}
