import { type Kysely, sql } from 'kysely';

/**
 * Where notifications go, and each one that goes there: what is to be sent is written in the transaction of its cause, and a row is a line of
 * the delivery log afterwards.
 *
 * A delivery in hand is one whose time was moved ahead: when its worker is lost, that time comes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(NOTIFICATIONS).execute(db);
}

const NOTIFICATIONS = `
create table tagward.notification_channel (
  id text collate "C" not null constraint notification_channel_pkey primary key,
  name text not null constraint notification_channel_name_key unique,
  kind text not null,
  events text[] not null,
  enabled boolean not null,
  address text not null,
  sealed text not null,
  created_at timestamptz(3) not null default now()
);
comment on column tagward.notification_channel.address is 'what may be shown of it; the whole one is sealed';
create table tagward.notification_delivery (
  id text collate "C" not null constraint notification_delivery_pkey primary key,
  channel_id text collate "C" not null constraint notification_delivery_channel_fkey
    references tagward.notification_channel (id) on delete cascade,
  event text not null,
  cause text collate "C" not null,
  data jsonb not null,
  scan_ids text[] not null,
  at timestamptz(3) not null default now(),
  status text not null default 'QUEUED',
  attempts integer not null default 0,
  fence bigint not null default 0,
  next_attempt_at timestamptz,
  response_code integer,
  error text,
  constraint notification_delivery_once unique (channel_id, cause, event)
);
comment on column tagward.notification_delivery.next_attempt_at is 'set while it is QUEUED';
create index notification_delivery_log on tagward.notification_delivery (channel_id, id);
create index notification_delivery_due on tagward.notification_delivery (channel_id, next_attempt_at) where status = 'QUEUED';
create index notification_delivery_settled on tagward.notification_delivery (at) where status <> 'QUEUED';
create table tagward.score_mark (
  target_id text collate "C" not null constraint score_mark_pkey primary key
    constraint score_mark_target_fkey references tagward.target (id) on delete cascade,
  score double precision not null
);
comment on table tagward.score_mark is 'the score that the next one is compared with: the best since a fall was told last';
`;
