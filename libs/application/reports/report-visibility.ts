import type { Viewer } from '../records/access.js';
import type { ReportRecord } from '../records/report.js';

/** A narrowed viewer sees the reports that speak of its own targets only. */
export function isReportVisible(viewer: Viewer, report: ReportRecord): boolean {
  const visible = viewer.targetIds;
  if (visible === null) return true;
  return report.targetIds !== null && report.targetIds.every((id) => visible.includes(id));
}
