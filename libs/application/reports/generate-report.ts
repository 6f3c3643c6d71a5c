import { visibleTarget } from '../access/visible-target.js';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import { REPORT_FORMATS, type ReportRecord } from '../records/report.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { periodOf } from './period-of.js';

const DEFAULT_PERIOD_DAYS = 7;

type Dependencies = Pick<UseCaseDependencies, 'database' | 'reportQueue' | 'clock' | 'logger'>;

/** Asks for a report; a worker makes it. By default the last seven days, all targets the viewer sees, every format. */
export class GenerateReport {
  constructor(private readonly deps: Dependencies) {}

  async execute(viewer: Viewer, input: OperationInput<'generateReport'>): Promise<ReportRecord> {
    const { database, reportQueue, clock, logger } = this.deps;
    const { from, to } = periodOf(input, clock.now(), { defaultDays: DEFAULT_PERIOD_DAYS });
    const asked = new Set(input.formats);
    const formats = asked.size === 0 ? [...REPORT_FORMATS] : [...asked];
    for (const id of input.targetIds ?? []) await visibleTarget(database.stores.targets, viewer, id);
    const targetIds = input.targetIds ?? viewer.targetIds;
    const report = await database.transaction(async (stores) => {
      const stored = await stores.reports.insert({ from, to, targetIds, formats, createdBy: viewer.subject });
      await recordAudit(stores, clock, {
        operation: 'generateReport',
        viewer,
        subject: `report:${stored.id}`,
        details: { from: from.toISOString(), to: to.toISOString(), formats, targetIds: targetIds ?? null },
      });
      return stored;
    });
    try {
      await reportQueue.enqueue(report.id);
    } catch (error) {
      logger.warn(
        { err: error, reportId: report.id },
        'the queue did not take a report; it waits for recovery',
      );
    }
    return report;
  }
}
