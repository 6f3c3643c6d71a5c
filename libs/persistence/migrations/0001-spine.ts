import { type Kysely, sql } from 'kysely';

/**
 * Targets, inventory, findings, scans, rule packs, access, audit and reports.
 *
 * Inventory and findings carry no foreign keys: a check per row would cost more than the row. `TargetStore.remove` clears
 * them, and a scan's batches hold its row, so that none is written for a target that is gone.
 * Times have milliseconds, as JavaScript's: what a cursor says is what the row says.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [TARGETS, RULE_PACKS, SCANS, INVENTORY, FINDINGS, AUDIT, ACCESS]) {
    await sql.raw(statement).execute(db);
  }
}

const TARGETS = `
create table tagward.credential (
  id text collate "C" not null constraint credential_pkey primary key,
  name text not null constraint credential_name_key unique,
  kind text not null,
  sealed_secret text not null,
  created_at timestamptz(3) not null default now(),
  rotated_at timestamptz(3),
  last_used_at timestamptz(3)
);
create table tagward.target (
  id text collate "C" not null constraint target_pkey primary key,
  name text not null constraint target_name_key unique,
  platform text not null,
  location text not null,
  config jsonb not null,
  credential_id text collate "C" constraint target_credential_fkey references tagward.credential (id),
  rule_packs text[],
  mode text not null,
  labels jsonb not null,
  capabilities jsonb not null default '[]',
  created_at timestamptz(3) not null default now(),
  open_findings integer not null default 0,
  scored_tags bigint not null default 0,
  fault_weight double precision not null default 0,
  hygiene_score double precision
);
create index target_credential on tagward.target (credential_id);
`;

const RULE_PACKS = `
create table tagward.rule_pack (
  name text collate "C" not null constraint rule_pack_pkey primary key,
  latest_version integer not null,
  removed_at timestamptz(3)
);
create table tagward.rule_pack_version (
  id text collate "C" not null constraint rule_pack_version_pkey primary key,
  name text collate "C" not null constraint rule_pack_version_name_fkey references tagward.rule_pack (name),
  version integer not null,
  document text not null,
  rules jsonb not null,
  created_at timestamptz(3) not null default now(),
  created_by text not null,
  constraint rule_pack_version_name_version_key unique (name, version)
);
`;

const SCANS = `
create table tagward.scan (
  id text collate "C" not null constraint scan_pkey primary key,
  number bigint generated always as identity constraint scan_number_key unique,
  target_id text collate "C" not null constraint scan_target_fkey references tagward.target (id) on delete cascade,
  status text not null,
  trigger text not null,
  requested_packs jsonb,
  rule_packs jsonb not null default '[]',
  scopes text[],
  progress_done bigint not null default 0,
  progress_total bigint,
  resources bigint not null default 0,
  tags bigint not null default 0,
  counts jsonb not null,
  not_evaluated jsonb not null default '[]',
  errors jsonb not null default '[]',
  queued_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  observed_at timestamptz(3),
  owner text,
  attempt integer not null default 0,
  fence bigint not null default 0,
  heartbeat_at timestamptz(3),
  cancel_requested boolean not null default false
);
create unique index scan_one_queued on tagward.scan (target_id) where status = 'QUEUED';
create unique index scan_one_running on tagward.scan (target_id) where status = 'RUNNING';
create index scan_by_target on tagward.scan (target_id, number);
`;

const INVENTORY = `
create table tagward.rule_set (
  id integer generated always as identity constraint rule_set_pkey primary key,
  digest text not null constraint rule_set_digest_key unique,
  rules jsonb not null
);
create table tagward.read_part (
  id integer generated always as identity constraint read_part_pkey primary key,
  target_id text collate "C" not null constraint read_part_target_fkey references tagward.target (id) on delete cascade,
  scope text collate "C" not null,
  resource_type text collate "C" not null,
  last_read_at timestamptz(3),
  rule_set_id integer constraint read_part_rule_set_fkey references tagward.rule_set (id),
  evaluated jsonb not null default '{}',
  suspected_scan bigint,
  constraint read_part_key unique (target_id, scope, resource_type)
);
create table tagward.resource (
  id bigint generated always as identity constraint resource_pkey primary key,
  part_id integer not null,
  resource text collate "C" not null,
  team text,
  created_at timestamptz(3),
  first_seen_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  missing_since timestamptz(3),
  constraint resource_key unique (part_id, resource)
);
create index resource_present on tagward.resource (part_id, id) where missing_since is null;
create index resource_by_name on tagward.resource (resource);
create table tagward.tag (
  id bigint generated always as identity constraint tag_pkey primary key,
  part_id integer not null,
  resource_id bigint not null,
  name text collate "C" not null,
  value text,
  digest text,
  created_at timestamptz(3),
  first_seen_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  missing_since timestamptz(3),
  moves jsonb,
  constraint tag_key unique (resource_id, name)
);
create index tag_present on tagward.tag (part_id, id) where missing_since is null;
create index tag_by_name on tagward.tag (name);
`;

const FINDINGS = `
create table tagward.finding (
  id text collate "C" not null constraint finding_pkey primary key,
  key bigint generated always as identity,
  target_id text collate "C" not null,
  part_id integer not null,
  rule_pack text collate "C" not null,
  rule_id text collate "C" not null,
  urgency smallint not null,
  state text not null,
  resource text collate "C" not null,
  tag text collate "C",
  value text,
  message text not null,
  suggestion text,
  changes jsonb not null,
  fixable boolean not null,
  blocked boolean not null,
  fix_at_source text,
  evidence jsonb not null,
  times_reopened integer not null default 0,
  first_seen_at timestamptz(3) not null,
  opened_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  resolved_at timestamptz(3),
  opened_scan bigint not null,
  resolved_scan bigint,
  suppressed_at timestamptz(3),
  suppressed_by text,
  suppressed_until timestamptz(3),
  suppression_reason text
);
comment on column tagward.finding.urgency is '0 critical, 1 high, 2 medium, 3 low, 4 info';
create index finding_by_urgency on tagward.finding (urgency, id);
create index finding_open_by_urgency on tagward.finding (urgency, id) where state = 'OPEN';
create index finding_by_target on tagward.finding (target_id, urgency, id);
create index finding_open_by_target on tagward.finding (target_id, urgency, id) where state = 'OPEN';
create index finding_by_first_seen on tagward.finding (first_seen_at, id);
create index finding_open_by_first_seen on tagward.finding (first_seen_at, id) where state = 'OPEN';
create index finding_live on tagward.finding (part_id, key) where state <> 'RESOLVED';
create index finding_resolved on tagward.finding (target_id, resolved_at) where state = 'RESOLVED';
create index finding_by_resource on tagward.finding (resource);
create index finding_suppressed on tagward.finding (suppressed_until) where state = 'SUPPRESSED';
`;

const AUDIT = `
create table tagward.audit_event (
  sequence bigint not null constraint audit_event_pkey primary key,
  at timestamptz(3) not null,
  actor text not null,
  action text not null,
  subject text collate "C" not null,
  details jsonb not null,
  previous_hash text not null,
  hash text not null
);
create index audit_event_by_subject on tagward.audit_event (subject, sequence);
create table tagward.audit_head (
  singleton boolean not null default true constraint audit_head_pkey primary key check (singleton),
  sequence bigint not null,
  hash text not null
);
insert into tagward.audit_head (sequence, hash) values (0, repeat('0', 64));
create function tagward.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_event_append_only before update or delete or truncate on tagward.audit_event
  for each statement execute function tagward.refuse_audit_change();
`;

const ACCESS = `
create table tagward.api_token (
  id text collate "C" not null constraint api_token_pkey primary key,
  name text not null,
  prefix text not null,
  hash text not null constraint api_token_hash_key unique,
  scopes text[] not null,
  target_ids text[],
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
create unique index api_token_name_key on tagward.api_token (name) where revoked_at is null;
create table tagward.idempotency_key (
  subject text not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  result_id text not null,
  created_at timestamptz(3) not null default now(),
  constraint idempotency_key_pkey primary key (subject, operation, key)
);
create table tagward.report (
  id text collate "C" not null constraint report_pkey primary key,
  status text not null,
  error text,
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  target_ids text[],
  formats text[] not null,
  created_at timestamptz(3) not null default now(),
  created_by text not null,
  score double precision,
  audit_head text,
  totals jsonb not null default '[]',
  files jsonb not null default '[]'
);
create index report_unfinished on tagward.report (id) where status in ('QUEUED', 'RUNNING');
`;
