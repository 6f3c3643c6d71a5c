import { type Kysely, sql } from 'kysely';

/**
 * Scans whose scopes are read one by one by several lanes: a row per scope while the scan runs.
 *
 * A scope is unique by its hash: remotes may name things longer than a B-tree takes. Heartbeats keep their microseconds: rounded up they would lie
 * in the future for a moment.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(LANES).execute(db);
}

const LANES = `
alter table tagward.scan
  add column scopes_total bigint,
  add column scopes_listed_whole boolean not null default false;
comment on column tagward.scan.scopes_total is 'set once the scan was handed to its lanes';
create table tagward.scan_scope (
  ordinal bigint generated always as identity constraint scan_scope_pkey primary key,
  scan_id text collate "C" not null constraint scan_scope_scan_fkey references tagward.scan (id) on delete cascade,
  scope text collate "C" not null,
  state text not null default 'WAITING',
  fence bigint not null default 0,
  attempt integer not null default 0,
  heartbeat_at timestamptz,
  units_read bigint not null default 0,
  errors jsonb not null default '[]',
  errors_beyond bigint not null default 0,
  not_evaluated jsonb not null default '[]'
);
create unique index scan_scope_once on tagward.scan_scope (scan_id, md5(scope));
create index scan_scope_in_order on tagward.scan_scope (scan_id, ordinal);
create index scan_scope_waiting on tagward.scan_scope (scan_id, ordinal) where state = 'WAITING';
create index scan_scope_running on tagward.scan_scope (scan_id, heartbeat_at) where state = 'RUNNING';
`;
