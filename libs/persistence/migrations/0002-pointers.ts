import { type Kysely, sql } from 'kysely';

/** What the inventory knows of pointers (what a name is known by), of content, and of how big resources are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [POINTERS, RESOURCES, CONTENT]) await sql.raw(statement).execute(db);
}

/** Names that stand as nobody accepted them are few: the rules' question for them must not read the others. */
const POINTERS = `
alter table tagward.tag
  add column peeled text,
  add column annotated boolean,
  add column baseline text,
  add column returned_at timestamptz(3);
comment on column tagward.tag.peeled is 'null: the digest itself, or not known';
comment on column tagward.tag.baseline is 'what the name is known by, when that is not its digest';
comment on column tagward.tag.returned_at is 'set while a name that had gone is there again and nobody accepted that';
create index tag_unaccepted on tagward.tag (resource_id, name) where baseline is not null or returned_at is not null;
create index tag_by_digest on tagward.tag (digest) where digest is not null and missing_since is null;
`;

const RESOURCES = `
alter table tagward.resource add column facts jsonb, add column returned_at timestamptz(3);
comment on column tagward.resource.returned_at is 'when the resource as a whole last came back';
`;

const CONTENT = `
create table tagward.content (
  digest text collate "C" not null constraint content_pkey primary key,
  facts jsonb not null,
  first_read_at timestamptz(3) not null default now(),
  used_at timestamptz(3) not null default now()
);
create index content_by_use on tagward.content (used_at);
`;
