import { type Kysely, sql } from 'kysely';

/**
 * What reports and statistics over time are made of: the score of each target as it was, and when a fault that came back had gone.
 *
 * Targets that were scanned before start with one point: the score they have, at the end of the scan it is of.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [SCORES, FINDINGS]) await sql.raw(statement).execute(db);
}

const SCORES = `
create table tagward.score_point (
  target_id text collate "C" not null constraint score_point_target_fkey references tagward.target (id) on delete cascade,
  at timestamptz(3) not null,
  open integer not null,
  scored_tags bigint not null,
  fault_weight double precision not null,
  score double precision not null,
  constraint score_point_pkey primary key (target_id, at)
);
insert into tagward.score_point (target_id, at, open, scored_tags, fault_weight, score)
select g.id, coalesce(max(c.finished_at), now()), g.open_findings, g.scored_tags, g.fault_weight, g.hygiene_score
from tagward.target g
left join tagward.scan c on c.target_id = g.id and c.status in ('SUCCEEDED', 'PARTIAL')
where g.hygiene_score is not null
group by g.id;
`;

/** Resolved ones pile up over the years: a report looks at those of its period alone. */
const FINDINGS = `
alter table tagward.finding add column gone_at timestamptz(3);
comment on column tagward.finding.gone_at is 'when it had been resolved before it came back the last time';
create index finding_by_resolution on tagward.finding (resolved_at) where state = 'RESOLVED';
`;
