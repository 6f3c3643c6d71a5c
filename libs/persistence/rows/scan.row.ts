import type { Selectable } from 'kysely';
import type { FindingCounts, ScanRecord } from '#application';
import type { ScanTable } from '../schema.js';

export const NO_COUNTS: FindingCounts = { open: 0, new: 0, resolved: 0, bySeverity: [], byRule: [] };

export function scanRecord(row: Selectable<ScanTable>): ScanRecord {
  return {
    id: row.id,
    targetId: row.target_id,
    status: row.status,
    trigger: row.trigger,
    rulePacks: row.rule_packs,
    scopes: row.scopes,
    progress: { done: row.progress_done, total: row.progress_total },
    resources: row.resources,
    tags: row.tags,
    counts: row.counts,
    notEvaluated: row.not_evaluated,
    errors: row.errors,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
