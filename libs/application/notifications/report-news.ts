import type { News } from '../records/notification.js';
import type { ReportRecord } from '../records/report.js';

export function reportNews(report: ReportRecord): News {
  const { id, from, to, targetIds, score, totals, files } = report;
  return {
    event: 'REPORT_READY',
    data: {
      report: {
        id,
        from: from.toISOString(),
        to: to.toISOString(),
        targets: targetIds?.length ?? null,
        score,
        totals,
        formats: files.map(({ format }) => format),
      },
    },
  };
}
