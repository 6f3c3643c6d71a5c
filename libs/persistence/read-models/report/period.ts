import { type RawBuilder, sql } from 'kysely';
import type { FindingState } from '#application';
import type { Condition } from '../../connection/conditions.js';

/** From its first moment up to the one that is no part of it any more. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The state of `tagward.finding as f` as it stood right before a moment, as far as its row tells; null: it was not known yet.
 *
 * A row knows its last opening, the resolution before that, its last resolution, and the suppression that holds. What came back after the
 * moment was open if it went after the moment, too. A suppression that was taken back or ran out leaves no trace: it was open then.
 */
export function stateAt(moment: Date): RawBuilder<FindingState | null> {
  return sql`(case
    when f.first_seen_at >= ${moment} then null
    when f.opened_at >= ${moment} then case when f.gone_at >= ${moment} then 'OPEN' else 'RESOLVED' end
    when f.resolved_at < ${moment} then 'RESOLVED'
    when f.suppressed_at < ${moment} and (f.suppressed_until is null or f.suppressed_until > ${moment}) then 'SUPPRESSED'
    else 'OPEN'
  end)`;
}

/** Found for the first time within it, or back after having been resolved. */
export function isNew(period: Period): Condition {
  return sql`(${within(sql`f.first_seen_at`, period)} or ${within(sql`f.opened_at`, period)})`;
}

/** Resolved within it, whether it came back since or not. */
export function isResolved(period: Period): Condition {
  return sql`(coalesce(${within(sql`f.resolved_at`, period)}, false) or coalesce(${within(sql`f.gone_at`, period)}, false))`;
}

/** Everything that may count for the period; what was resolved before it does not. An index serves either part. */
export function concerns({ from, to }: Period): Condition {
  return sql`(f.first_seen_at < ${to} and (f.state <> 'RESOLVED' or (f.state = 'RESOLVED' and f.resolved_at >= ${from})))`;
}

/** Was open at some time of it. What was suppressed before it and still is was not. */
export function wasOpen(period: Period): Condition {
  const { from, to } = period;
  return sql`(${concerns(period)} and case
    when f.opened_at >= ${to} then coalesce(f.gone_at >= ${from}, false)
    when f.state = 'SUPPRESSED' then f.suppressed_at >= ${from} or ${stateAt(to)} = 'OPEN'
    else true
  end)`;
}

function within(column: RawBuilder<unknown>, { from, to }: Period): Condition {
  return sql`(${column} >= ${from} and ${column} < ${to})`;
}
