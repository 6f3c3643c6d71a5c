import { notFound } from '#core';
import type { ReportLink, ReportRecord } from '../records/report.js';
import type { UseCaseDependencies } from '../use-case-context.js';
import { ReportLinks } from './report-links.js';

/** Whoever has a good link may read the file that it names, and nothing else. */
export class OpenReportLink {
  private readonly links: ReportLinks;

  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock' | 'linkSigner'>) {
    this.links = new ReportLinks(deps);
  }

  /** @throws HygieneError LINK_INVALID, LINK_EXPIRED, NOT_FOUND */
  async execute(link: ReportLink): Promise<ReportRecord> {
    this.links.check(link);
    const report = await this.deps.database.stores.reports.find(link.reportId);
    if (report === null) throw notFound('report', link.reportId);
    return report;
  }
}
