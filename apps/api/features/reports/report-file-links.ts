import type { ReportFormat, ReportRecord } from '#application';

/** Makes the download addresses of report files. They come from configuration, never from a request's `Host`. */
export class ReportFileLinks {
  constructor(private readonly publicUrl: string) {}

  filesOf(report: ReportRecord) {
    return report.files.map((file) => ({ ...file, url: this.urlOf(report.id, file.format) }));
  }

  private urlOf(reportId: string, format: ReportFormat): string {
    const base = this.publicUrl.replace(/\/+$/, '');
    return `${base}/api/v1/reports/${encodeURIComponent(reportId)}/files/${format.toLowerCase()}`;
  }
}
