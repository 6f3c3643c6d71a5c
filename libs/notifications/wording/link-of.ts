import type { News } from '#application';

/** Where a reader of the news finds more: the one place that knows these addresses. */
export function linkOf(news: News, publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/api/v1/${pathOf(news)}`;
}

function pathOf(news: News): string {
  switch (news.event) {
    case 'SCAN_DONE':
    case 'SCAN_FAILED':
      return `scans/${encodeURIComponent(news.data.scan.id)}`;
    case 'SCORE_FALLEN':
      return `targets/${encodeURIComponent(news.data.target.id)}`;
    case 'REPORT_READY':
      return `reports/${encodeURIComponent(news.data.report.id)}`;
  }
}
