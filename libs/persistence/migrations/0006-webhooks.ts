import { type Kysely, sql } from 'kysely';

/**
 * Webhooks and the log of their deliveries. A delivery id is unique for its webhook for as long as it is kept; a target that is removed is gone from
 * the webhooks that named it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(WEBHOOKS).execute(db);
}

const WEBHOOKS = `
create table tagward.webhook (
  id text collate "C" not null constraint webhook_pkey primary key,
  name text collate "C" not null constraint webhook_name_key unique,
  kind text not null,
  topic_arn text,
  sealed_secret text,
  previous_secret text,
  previous_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  last_delivery_at timestamptz(3),
  refused_deliveries bigint not null default 0,
  refusal_audited_at timestamptz(3)
);
create table tagward.webhook_target (
  webhook_id text collate "C" not null constraint webhook_target_webhook_fkey references tagward.webhook (id) on delete cascade,
  target_id text collate "C" not null constraint webhook_target_target_fkey references tagward.target (id) on delete cascade,
  place integer not null,
  constraint webhook_target_pkey primary key (webhook_id, target_id)
);
create index webhook_target_of_target on tagward.webhook_target (target_id);
create table tagward.webhook_delivery (
  id text collate "C" not null constraint webhook_delivery_pkey primary key,
  webhook_id text collate "C" not null constraint webhook_delivery_webhook_fkey references tagward.webhook (id) on delete cascade,
  delivery_id text collate "C",
  at timestamptz(3) not null,
  event text not null,
  status text not null,
  attempts integer not null default 1,
  response_code integer,
  error text,
  scan_ids text[] not null default '{}'
);
create unique index webhook_delivery_once on tagward.webhook_delivery (webhook_id, delivery_id) where delivery_id is not null;
create index webhook_delivery_latest on tagward.webhook_delivery (webhook_id, id);
create index webhook_delivery_age on tagward.webhook_delivery (at);
`;
