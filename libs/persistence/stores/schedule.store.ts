import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { NewSchedule, ReportDue, ScheduleRecord, ScheduleRun, ScheduleStore } from '#application';
import { toJson } from '../connection/clean-text.js';
import { allOf, hasLabels, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { scheduleRecord } from '../rows/schedule.row.js';

export class PostgresScheduleStore implements ScheduleStore {
  constructor(private readonly db: Db) {}

  async upsert(schedule: NewSchedule): Promise<ScheduleRecord> {
    const values = {
      cron: schedule.cron,
      timezone: schedule.timezone,
      target_ids: schedule.targetIds === null ? null : [...schedule.targetIds],
      labels: toJson(schedule.labels),
      report: schedule.report,
      enabled: schedule.enabled,
    };
    const row = await this.db
      .insertInto('tagward.schedule')
      .values({ id: uuidv7(), name: schedule.name, ...values, next_run_at: schedule.nextRunAt })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({
          ...values,
          next_run_at: sql`case when (schedule.cron, schedule.timezone, schedule.enabled, true)
            = (excluded.cron, excluded.timezone, excluded.enabled, schedule.next_run_at is not null)
            then schedule.next_run_at else excluded.next_run_at end`,
        }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return scheduleRecord(row);
  }

  async find(id: string): Promise<ScheduleRecord | null> {
    const row = await this.db
      .selectFrom('tagward.schedule')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : scheduleRecord(row);
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.db.deleteFrom('tagward.schedule').where('id', '=', id).executeTakeFirst();
    return removed.numDeletedRows > 0n;
  }

  async claimDue(now: Date, except: readonly string[]): Promise<ScheduleRecord | null> {
    const row = await this.db
      .selectFrom('tagward.schedule')
      .selectAll()
      .where('enabled', '=', true)
      .where('next_run_at', '<=', now)
      .where(sql<boolean>`id <> all (${[...except]}::text[])`)
      .orderBy('next_run_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    return row === undefined ? null : scheduleRecord(row);
  }

  async targetIds({
    targetIds,
    labels,
  }: Pick<ScheduleRecord, 'targetIds' | 'labels'>): Promise<readonly string[]> {
    const rows = await this.db
      .selectFrom('tagward.target as g')
      .select('g.id')
      .where(
        allOf([
          ...oneOf(sql`g.id`, targetIds),
          ...hasLabels(sql`g.labels`, labels.length === 0 ? undefined : labels),
        ]),
      )
      .orderBy('g.id')
      .execute();
    return rows.map(({ id }) => id);
  }

  async begin(
    id: string,
    { slot, at, nextRunAt }: { slot: Date; at: Date; nextRunAt: Date | null },
  ): Promise<string | null> {
    await this.db
      .updateTable('tagward.schedule')
      .set({ next_run_at: nextRunAt, last_run_at: at })
      .where('id', '=', id)
      .execute();
    const row = await this.db
      .insertInto('tagward.schedule_run')
      .values({ schedule_id: id, slot, at, scan_ids: [] })
      .onConflict((conflict) => conflict.constraint('schedule_run_once').doNothing())
      .returning('id')
      .executeTakeFirst();
    return row === undefined ? null : String(row.id);
  }

  async began(runId: string, { scanIds, report }: ScheduleRun): Promise<void> {
    await this.db
      .updateTable('tagward.schedule_run')
      .set({
        scan_ids: [...scanIds],
        report_from: report === null ? null : report.from,
        report_targets: report?.targetIds == null ? null : [...report.targetIds],
      })
      .where('id', '=', Number(runId))
      .execute();
  }

  async claimReportDue(startedBefore: Date): Promise<ReportDue | null> {
    const { rows } = await sql<ReportDue>`
      select u.id as "runId", s.name as "scheduleName", u.report_targets as "targetIds",
        least(u.report_from, (
          select max(o.to_at)
          from tagward.schedule_run e join tagward.report o on o.id = e.report_id
          where e.schedule_id = u.schedule_id
        )) as "from"
      from tagward.schedule_run u join tagward.schedule s on s.id = u.schedule_id
      where u.report_from is not null and u.report_id is null and (
        u.at < ${startedBefore} or not exists (
          select from tagward.scan c where c.id = any (u.scan_ids) and c.finished_at is null
        )
      )
      order by u.id
      limit 1
      for update of u skip locked
    `.execute(this.db);
    return rows[0] ?? null;
  }

  async reported(runId: string, reportId: string): Promise<void> {
    await this.db
      .updateTable('tagward.schedule_run')
      .set({ report_id: reportId })
      .where('id', '=', Number(runId))
      .execute();
  }

  async trim(before: Date): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from tagward.schedule_run u
      where u.at < ${before} and u.id not in (
        select max(l.id) from tagward.schedule_run l where l.report_id is not null group by l.schedule_id
      )
    `.execute(this.db);
    return Number(numAffectedRows ?? 0);
  }
}
