import { HygieneError, type Logger } from '#core';
import { Notify } from '../notifications/notify.js';
import { reportNews } from '../notifications/report-news.js';
import type { DeliveryQueue } from '../ports/notifications.js';
import type { ReadModels } from '../ports/read-models.js';
import type { ReportSummary } from '../records/report-summary.js';
import type { Clock, ReportFiles } from '../ports/services.js';
import type { Database } from '../ports/stores.js';
import type { FindingRecord } from '../records/finding.js';
import type { ReportFileRecord, ReportFormat, ReportRecord } from '../records/report.js';
import type { Count } from '../records/scan.js';

/** Everything a renderer may show. `findings` can be walked once per format. */
export interface ReportModel {
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
  readonly generatedAt: Date;
  /** The audit log's last hash when the report was made. */
  readonly auditHead: string;
  readonly summary: ReportSummary;
  readonly findings: () => AsyncIterable<FindingRecord>;
  readonly targetNames: ReadonlyMap<string, string>;
}

export type RenderReport = (format: ReportFormat, model: ReportModel) => AsyncIterable<string | Uint8Array>;

export interface MakeReportDependencies {
  readonly database: Database;
  readonly readModels: ReadModels;
  readonly files: ReportFiles;
  readonly render: RenderReport;
  readonly deliveryQueue: DeliveryQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the files of a requested report. Running it again on a finished report changes nothing. */
export class MakeReport {
  private readonly notify: Notify;

  constructor(private readonly deps: MakeReportDependencies) {
    this.notify = new Notify(deps);
  }

  /** @throws only when the outcome itself cannot be stored; a report that cannot be made ends FAILED with its reason */
  async execute(reportId: string): Promise<void> {
    const { reports } = this.deps.database.stores;
    const report = await reports.find(reportId);
    if (report === null || report.status === 'READY' || report.status === 'FAILED') return;
    try {
      await this.make(report);
    } catch (error) {
      if (error instanceof HygieneError && error.retryable) throw error;
      const reason =
        error instanceof HygieneError
          ? error.message
          : 'The report could not be made; the log has the details.';
      await reports.failed(reportId, reason);
      throw error;
    }
  }

  private async make(report: ReportRecord): Promise<void> {
    const { database, readModels, files, render, clock } = this.deps;
    const request = { from: report.from, to: report.to, targetIds: report.targetIds };
    const [summary, head] = await Promise.all([
      readModels.reportSummary(request),
      database.stores.audit.head(),
    ]);
    const model: ReportModel = {
      id: report.id,
      from: report.from,
      to: report.to,
      generatedAt: clock.now(),
      auditHead: head.hash,
      summary,
      findings: () => readModels.reportFindings(request),
      targetNames: new Map(summary.targets.map(({ id, name }) => [id, name])),
    };
    const written: ReportFileRecord[] = [];
    for (const format of report.formats)
      written.push(await files.write(report.id, format, render(format, model)));
    const outcome = {
      score: summary.score,
      auditHead: head.hash,
      totals: totalsOf(summary),
      files: written,
    };
    const told = await database.transaction(async (stores) => {
      const ready = await stores.reports.ready(report.id, outcome);
      return this.notify.store(stores, `report:${report.id}`, reportNews(ready));
    });
    await this.notify.dispatch(told);
  }
}

function totalsOf(summary: ReportSummary): Count[] {
  return Object.entries(summary.totals).map(([name, count]) => ({ name, count }));
}
