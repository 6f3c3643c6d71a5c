import type { Selectable } from 'kysely';
import type { ScheduleRecord } from '#application';
import type { ScheduleTable } from '../tables/schedule.table.js';

export function scheduleRecord(row: Selectable<ScheduleTable>): ScheduleRecord {
  return {
    id: row.id,
    name: row.name,
    cron: row.cron,
    timezone: row.timezone,
    targetIds: row.target_ids,
    labels: row.labels,
    report: row.report,
    trigger: row.trigger,
    enabled: row.enabled,
    nextRunAt: row.next_run_at,
    lastRunAt: row.last_run_at,
  };
}
