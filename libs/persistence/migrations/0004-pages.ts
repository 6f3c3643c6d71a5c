import { type Kysely, sql } from 'kysely';

/**
 * Indexes in the order of the lists that screens show, so that the first, the middle and the last page take the same time, however many rows
 * of other states, rules or resources lie between. Indexes by state take the place of those of open findings alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(PAGES).execute(db);
}

const PAGES = `
create index finding_by_state on tagward.finding (state, urgency, id);
create index finding_by_target_state on tagward.finding (target_id, state, urgency, id);
create index finding_open_by_rule on tagward.finding (rule_id, urgency, id) where state = 'OPEN';
drop index tagward.finding_open_by_urgency;
drop index tagward.finding_open_by_target;
create index tag_of_resource on tagward.tag (resource_id, id) where missing_since is null;
`;
