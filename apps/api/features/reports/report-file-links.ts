import type { ReportFormat, ReportLink, ReportRecord } from '#application';

/** Makes the download addresses of report files. They come from configuration, never from a request's `Host`. */
export class ReportFileLinks {
  constructor(private readonly publicUrl: string) {}

  filesOf(report: ReportRecord) {
    return report.files.map((file) => ({ ...file, url: this.urlOf(report.id, file.format) }));
  }

  /** Works without a token, as long as it says. */
  signedUrlOf({ reportId, format, expires, signature }: ReportLink): string {
    const query = new URLSearchParams({ expires, signature });
    return `${this.urlOf(reportId, format)}?${query.toString()}`;
  }

  private urlOf(reportId: string, format: ReportFormat): string {
    const base = this.publicUrl.replace(/\/+$/, '');
    return `${base}/api/v1/reports/${encodeURIComponent(reportId)}/files/${format.toLowerCase()}`;
  }
}
