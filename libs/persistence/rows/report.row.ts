import type { Selectable } from 'kysely';
import type { ReportRecord } from '#application';
import type { ReportTable } from '../schema.js';

export function reportRecord(row: Selectable<ReportTable>): ReportRecord {
  return {
    id: row.id,
    status: row.status,
    error: row.error,
    from: row.from_at,
    to: row.to_at,
    targetIds: row.target_ids,
    formats: row.formats,
    createdAt: row.created_at,
    score: row.score,
    auditHead: row.audit_head,
    totals: row.totals,
    files: row.files,
  };
}
