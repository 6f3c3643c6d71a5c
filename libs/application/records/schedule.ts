import type { Label } from './target.js';
import type { ScanTrigger } from './scan.js';

/** Scans, and reports where wanted, at the times of a cron expression. */
export interface ScheduleRecord {
  readonly id: string;
  readonly name: string;
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /** null: not chosen by id. */
  readonly targetIds: readonly string[] | null;
  /** Of the targets, all of them; none together with no ids: every target. */
  readonly labels: readonly Label[];
  /** A report is made when the scans have ended. */
  readonly report: boolean;
  readonly trigger: ScanTrigger;
  readonly enabled: boolean;
  /** null: switched off, or the expression has no time to come. */
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
}
