import type { ScheduleRecord } from '../records/schedule.js';

export type NewSchedule = Omit<ScheduleRecord, 'id' | 'trigger' | 'lastRunAt'>;

/** A run of a schedule that waits for its report. */
export interface ReportDue {
  readonly runId: string;
  readonly scheduleName: string;
  readonly from: Date;
  /** null: every target. */
  readonly targetIds: readonly string[] | null;
}

/** What a run came to. */
export interface ScheduleRun {
  readonly scanIds: readonly string[];
  /** What its report covers, and since when, unless an earlier report of the schedule ended sooner; null: no report. */
  readonly report: { readonly from: Date; readonly targetIds: readonly string[] | null } | null;
}

export interface ScheduleStore {
  /** By name. As long as its times stay the same, so does the next of them: a run that is due is not lost. */
  upsert(schedule: NewSchedule): Promise<ScheduleRecord>;
  find(id: string): Promise<ScheduleRecord | null>;
  remove(id: string): Promise<boolean>;
  /** One whose time has come, held until the transaction ends; one that another holds is passed over. */
  claimDue(now: Date, except: readonly string[]): Promise<ScheduleRecord | null>;
  /** Ids of the targets it scans now. */
  targetIds(schedule: Pick<ScheduleRecord, 'targetIds' | 'labels'>): Promise<readonly string[]>;
  /** Moves the schedule on. null: the time (`slot`) has had its run; else the id of this one. */
  begin(id: string, times: { slot: Date; at: Date; nextRunAt: Date | null }): Promise<string | null>;
  began(runId: string, run: ScheduleRun): Promise<void>;
  /** A run whose scans have all ended, or that began before `startedBefore`; held until the transaction ends. */
  claimReportDue(startedBefore: Date): Promise<ReportDue | null>;
  reported(runId: string, reportId: string): Promise<void>;
  /** Forgets runs that began before; the latest report of each schedule stays. How many that were. */
  trim(before: Date): Promise<number>;
}
