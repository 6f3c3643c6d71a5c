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
  readonly files: ReportFiles;
  readonly render: RenderReport;
  readonly deliveryQueue: DeliveryQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the files of a requested report. Running it again on a finished report changes nothing; one that failed leaves no files. */
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
      await this.deps.files.remove(reportId);
      throw error;
    }
  }

  private async make(report: ReportRecord): Promise<void> {
    const { database } = this.deps;
    const head = await database.stores.audit.head();
    // One snapshot for the summary and every file: a scan that runs meanwhile changes none of them.
    const { summary, files } = await database.snapshot(async (readModels) => {
      const model = await this.modelOf(report, readModels, head.hash);
      return { summary: model.summary, files: await this.write(report, model) };
    });
    const outcome = { score: summary.score, auditHead: head.hash, totals: totalsOf(summary), files };
    const told = await database.transaction(async (stores) => {
      const ready = await stores.reports.ready(report.id, outcome);
      return this.notify.store(stores, `report:${report.id}`, reportNews(ready));
    });
    await this.notify.dispatch(told);
  }

  private async modelOf(
    report: ReportRecord,
    readModels: ReadModels,
    auditHead: string,
  ): Promise<ReportModel> {
    const { id, from, to, targetIds } = report;
    const request = { from, to, targetIds };
    const summary = await readModels.reportSummary(request);
    return {
      id,
      from,
      to,
      generatedAt: this.deps.clock.now(),
      auditHead,
      summary,
      findings: () => readModels.reportFindings(request),
      targetNames: new Map(summary.targets.map((target) => [target.id, target.name])),
    };
  }

  private async write({ id, formats }: ReportRecord, model: ReportModel): Promise<ReportFileRecord[]> {
    const { files, render } = this.deps;
    const written: ReportFileRecord[] = [];
    for (const format of formats) written.push(await files.write(id, format, render(format, model)));
    return written;
  }
}

function totalsOf(summary: ReportSummary): Count[] {
  const { open, new: found, resolved, suppressed, flapping, fixable } = summary.totals;
  const counts = { open, new: found, resolved, suppressed, flapping, fixable, tags: summary.tags };
  return Object.entries(counts).map(([name, count]) => ({ name, count }));
}
