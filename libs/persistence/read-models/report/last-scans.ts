import { sql } from 'kysely';
import type { NotEvaluated, ScanError } from '#core';
import type { ReportRequest, ReportSummary, TargetSummary } from '#application';
import { allOf, oneOf } from '../../connection/conditions.js';
import type { Db } from '../../connection/transactions.js';

type LastScan = NonNullable<TargetSummary['lastScan']>;

interface EndedScan {
  readonly target_id: string;
  readonly status: LastScan['status'];
  readonly finished_at: Date;
  readonly errors: readonly ScanError[];
  readonly not_evaluated: readonly NotEvaluated[];
}

export interface LastScans extends Pick<ReportSummary, 'errors' | 'notEvaluated'> {
  readonly byTarget: ReadonlyMap<string, LastScan>;
}

/**
 * The scans that ended last before the period did. A scan that was limited to some resources, or was cancelled, says nothing of what the
 * rest of the target is like: errors are those of the last scan of the whole.
 */
export async function lastScansOf(db: Db, { to, targetIds }: ReportRequest): Promise<LastScans> {
  const { rows } = await sql<EndedScan>`
    select g.id as target_id, last.status, last.finished_at, coalesce(whole.errors, last.errors) as errors,
      coalesce(whole.not_evaluated, last.not_evaluated) as not_evaluated
    from tagward.target g
    cross join lateral (
      select c.* from tagward.scan c where c.target_id = g.id and c.finished_at <= ${to} order by c.number desc limit 1
    ) as last
    left join lateral (
      select c.errors, c.not_evaluated from tagward.scan c
      where c.target_id = g.id and c.finished_at <= ${to} and c.scopes is null and c.status <> 'CANCELLED'
      order by c.number desc limit 1
    ) as whole on true
    where ${allOf(oneOf(sql`g.id`, targetIds))}
    order by g.name
  `.execute(db);
  return {
    byTarget: new Map(
      rows.map(({ target_id, status, finished_at }) => [target_id, { status, finishedAt: finished_at }]),
    ),
    errors: rows.flatMap(({ target_id, errors }) =>
      inOrder(errors).map(({ scope, code, message }) => ({ targetId: target_id, scope, code, message })),
    ),
    notEvaluated: rows.flatMap(({ target_id, not_evaluated }) =>
      not_evaluated.map(({ rulePack, ruleId, needs, resources }) => ({
        targetId: target_id,
        rulePack,
        ruleId,
        needs,
        resources,
      })),
    ),
  };
}

/** By scope; what concerns the whole target first. */
function inOrder(errors: readonly ScanError[]): readonly ScanError[] {
  const key = ({ scope }: ScanError) => scope ?? '';
  return errors.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
