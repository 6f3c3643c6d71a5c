import type { Stores } from '../ports/stores.js';
import type { ReportDue } from '../ports/schedule-store.js';
import { REPORT_FORMATS } from '../records/report.js';
import type { ScanRecord } from '../records/scan.js';
import type { ScheduleRecord } from '../records/schedule.js';
import { RequestScans } from '../scans/request-scans.js';
import type { UseCaseDependencies } from '../use-case-context.js';
import { nextTime } from './cron.js';

const HOUR_MS = 60 * 60 * 1_000;
/** A report is made of what there is when scans take longer than this. */
const LONGEST_WAIT_MS = 2 * HOUR_MS;
const DEFAULT_PERIOD_MS = 7 * 24 * HOUR_MS;

type Dependencies = Pick<UseCaseDependencies, 'database' | 'scanQueue' | 'reportQueue' | 'clock' | 'logger'>;

/**
 * Starts what is due. Any number of workers may run this at any time: a schedule is taken under a lock and moved to its next time in the
 * transaction that asks for its scans, so that a time runs once, and times that were missed come to one run.
 */
export class RunSchedules {
  private readonly requests: RequestScans;

  constructor(private readonly deps: Dependencies) {
    this.requests = new RequestScans(deps);
  }

  /** What fails is logged, and does not keep the others from running. */
  async execute(): Promise<void> {
    const failed: string[] = [];
    while (await this.startNext(failed));
    while (await this.reportNext());
  }

  private async startNext(failed: string[]): Promise<boolean> {
    const { database, clock, logger } = this.deps;
    // Outlives the transaction, whose fault does not say whose it is.
    const taken: { schedule: ScheduleRecord | null } = { schedule: null };
    try {
      const scans = await database.transaction(async (stores) => {
        taken.schedule = await stores.schedules.claimDue(clock.now(), failed);
        return taken.schedule === null ? [] : this.run(stores, taken.schedule);
      });
      await this.requests.dispatch(scans);
    } catch (error) {
      if (taken.schedule === null) throw error;
      const { id, name } = taken.schedule;
      logger.error({ err: error, schedule: name }, 'a schedule could not run; it is tried again');
      failed.push(id);
    }
    return taken.schedule !== null;
  }

  private async run(stores: Stores, schedule: ScheduleRecord): Promise<readonly ScanRecord[]> {
    const at = this.deps.clock.now();
    const slot = schedule.nextRunAt ?? at;
    const { cron, timezone } = schedule;
    const nextRunAt = nextTime(cron, timezone, at > slot ? at : slot);
    const runId = await stores.schedules.begin(schedule.id, { slot, at, nextRunAt });
    if (runId === null) return [];
    const targetIds = await stores.schedules.targetIds(schedule);
    const wishes = targetIds.map((targetId) => ({
      ...{ targetId, trigger: schedule.trigger, rulePacks: null, resources: null },
    }));
    const scans = (await this.requests.storeAll(stores, wishes)).map(({ scan }) => scan);
    await stores.schedules.began(runId, {
      scanIds: scans.map(({ id }) => id),
      report: schedule.report ? reportOf(schedule, scans, slot, at) : null,
    });
    await stores.audit.append({
      actor: `schedule:${schedule.name}`,
      action: 'schedule.run',
      subject: `schedule:${schedule.id}`,
      details: { slot: slot.toISOString(), scans: scans.length, report: schedule.report },
      at,
    });
    return scans;
  }

  private async reportNext(): Promise<boolean> {
    const { database, reportQueue, clock, logger } = this.deps;
    const due = await database.transaction(async (stores) => {
      const claimed = await stores.schedules.claimReportDue(
        new Date(clock.now().getTime() - LONGEST_WAIT_MS),
      );
      return claimed === null ? null : this.askForReport(stores, claimed);
    });
    if (due === null) return false;
    try {
      await reportQueue.enqueue(due);
    } catch (error) {
      logger.warn({ err: error, reportId: due }, 'the queue did not take a report; it waits for recovery');
    }
    return true;
  }

  private async askForReport(stores: Stores, due: ReportDue): Promise<string> {
    const { clock } = this.deps;
    const at = clock.now();
    const createdBy = `schedule:${due.scheduleName}`;
    const { id } = await stores.reports.insert({
      from: due.from,
      to: at,
      targetIds: due.targetIds,
      formats: REPORT_FORMATS,
      createdBy,
    });
    await stores.schedules.reported(due.runId, id);
    const details = { from: due.from.toISOString(), to: at.toISOString(), formats: [...REPORT_FORMATS] };
    await stores.audit.append({
      actor: createdBy,
      action: 'report.generate',
      subject: `report:${id}`,
      details,
      at,
    });
    return id;
  }
}

/** A report covers as much time as passes until the schedule's next. */
function reportOf(schedule: ScheduleRecord, scans: readonly ScanRecord[], slot: Date, at: Date) {
  const following = nextTime(schedule.cron, schedule.timezone, slot);
  const period = following === null ? DEFAULT_PERIOD_MS : following.getTime() - slot.getTime();
  const everyTarget = schedule.targetIds === null && schedule.labels.length === 0;
  return {
    from: new Date(at.getTime() - period),
    targetIds: everyTarget ? null : scans.map(({ targetId }) => targetId),
  };
}
