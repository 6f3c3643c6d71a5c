import type { Generated, GeneratedAlways } from 'kysely';
import type { Label, ScanTrigger } from '#application';
import type { CreatedAt, JsonWithDefault } from './column-types.js';

export interface ScheduleTable {
  id: string;
  name: string;
  cron: string;
  timezone: string;
  /** null: not chosen by id. */
  target_ids: string[] | null;
  labels: JsonWithDefault<Label[]>;
  report: boolean;
  trigger: Generated<ScanTrigger>;
  enabled: boolean;
  next_run_at: Date | null;
  last_run_at: Date | null;
  created_at: CreatedAt;
}

/** One time of a schedule that came. */
export interface ScheduleRunTable {
  id: GeneratedAlways<number>;
  schedule_id: string;
  slot: Date;
  at: Date;
  scan_ids: string[];
  /** Set when it is to make a report. */
  report_from: Date | null;
  report_targets: string[] | null;
  report_id: string | null;
}
