import { type Kysely, sql } from 'kysely';

/**
 * Indexes in the order of the lists that screens show, so that the first, the middle and the last page take the same time, however many rows
 * of other states, rules or resources lie between.
 *
 * Equals are told apart by `key`, which grows, not by `id`, which is a hash: new findings then go to the end of each index, where a million of them
 * would go to any of its pages.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [BEFORE, FINDINGS, TAGS]) await sql.raw(statement).execute(db);
}

const BEFORE = `
drop index tagward.finding_by_urgency;
drop index tagward.finding_open_by_urgency;
drop index tagward.finding_by_target;
drop index tagward.finding_open_by_target;
drop index tagward.finding_by_first_seen;
drop index tagward.finding_open_by_first_seen;
`;

const FINDINGS = `
create index finding_in_order on tagward.finding (urgency, key);
create index finding_of_state on tagward.finding (state, urgency, key);
create index finding_of_target on tagward.finding (target_id, urgency, key);
create index finding_of_target_and_state on tagward.finding (target_id, state, urgency, key);
create index finding_open_of_rule on tagward.finding (rule_id, urgency, key) where state = 'OPEN';
create index finding_since on tagward.finding (first_seen_at, key);
create index finding_open_since on tagward.finding (first_seen_at, key) where state = 'OPEN';
`;

const TAGS = `
create index tag_of_resource on tagward.tag (resource_id, id) where missing_since is null;
`;
