import { type Kysely, sql } from 'kysely';

/**
 * Schedules, their runs, and two that every installation begins with: a reconcile scan each night, as webhooks can be lost, and the weekly
 * report on Monday. A run is unique by the time it was meant for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(SCHEDULES).execute(db);
  await sql.raw(FIRST_ONES).execute(db);
}

const SCHEDULES = `
create table tagward.schedule (
  id text collate "C" not null constraint schedule_pkey primary key,
  name text not null constraint schedule_name_key unique,
  cron text not null,
  timezone text not null,
  target_ids text[],
  labels jsonb not null default '[]',
  report boolean not null,
  trigger text not null default 'SCHEDULE',
  enabled boolean not null,
  next_run_at timestamptz(3),
  last_run_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index schedule_due on tagward.schedule (next_run_at) where enabled;
create table tagward.schedule_run (
  id bigint generated always as identity constraint schedule_run_pkey primary key,
  schedule_id text collate "C" not null constraint schedule_run_schedule_fkey references tagward.schedule (id) on delete cascade,
  slot timestamptz(3) not null,
  at timestamptz(3) not null,
  scan_ids text[] not null,
  report_from timestamptz(3),
  report_targets text[],
  report_id text,
  constraint schedule_run_once unique (schedule_id, slot)
);
comment on column tagward.schedule_run.report_from is 'set when the run is to make a report';
create index schedule_run_report_due on tagward.schedule_run (id) where report_from is not null and report_id is null;
`;

const FIRST_ONES = `
insert into tagward.schedule (id, name, cron, timezone, report, trigger, enabled, next_run_at) values
  (gen_random_uuid()::text, 'reconcile', '0 3 * * *', 'UTC', false, 'RECONCILE', true,
    (date_trunc('day', now() at time zone 'UTC') + interval '1 day 3 hours') at time zone 'UTC'),
  (gen_random_uuid()::text, 'weekly-report', '0 6 * * 1', 'UTC', true, 'SCHEDULE', true,
    (date_trunc('week', now() at time zone 'UTC') + interval '7 days 6 hours') at time zone 'UTC');
`;
