import { type RawBuilder, sql } from 'kysely';
import type { DetectedFinding } from '#core';
import { cleanText, toJson } from '../connection/clean-text.js';
import type { Db } from '../connection/transactions.js';
import { urgencyOf } from '../rows/severity.row.js';
import { identity } from './identity.js';
import type { SessionContext } from './session-context.js';

export type FindingInput = DetectedFinding & { readonly id: string; readonly partId: number };

interface Column {
  readonly name: string;
  readonly type: 'text' | 'int' | 'smallint' | 'boolean' | 'jsonb';
  readonly value: (finding: FindingInput) => unknown;
}

/** What tells a fault apart stays; what may differ from scan to scan is compared, and written when it does. */
const IDENTIFYING: readonly Column[] = [
  { name: 'id', type: 'text', value: ({ id }) => id },
  { name: 'rule_pack', type: 'text', value: ({ rulePack }) => rulePack },
  { name: 'rule_id', type: 'text', value: ({ ruleId }) => ruleId },
  { name: 'resource', type: 'text', value: ({ resource }) => identity(resource) },
  { name: 'tag', type: 'text', value: ({ tag }) => (tag === null ? null : identity(tag)) },
];
const DESCRIBING: readonly Column[] = [
  { name: 'part_id', type: 'int', value: ({ partId }) => partId },
  { name: 'urgency', type: 'smallint', value: ({ severity }) => urgencyOf(severity) },
  { name: 'value', type: 'text', value: ({ value }) => value },
  { name: 'message', type: 'text', value: ({ message }) => message },
  { name: 'suggestion', type: 'text', value: ({ suggestion }) => suggestion },
  { name: 'changes', type: 'jsonb', value: ({ changes }) => toJson(changes) },
  { name: 'fixable', type: 'boolean', value: ({ fixable }) => fixable },
  { name: 'blocked', type: 'boolean', value: ({ blocked }) => blocked },
  { name: 'fix_at_source', type: 'text', value: ({ fixAtSource }) => fixAtSource },
  { name: 'evidence', type: 'jsonb', value: ({ evidence }) => toJson(evidence) },
];
const COLUMNS = [...IDENTIFYING, ...DESCRIBING];

/**
 * Opens, keeps or re-opens; an unchanged one is only read. Each id is given once.
 *
 * @returns the key and part of each
 */
export async function writeFindings(
  db: Db,
  { at, resources, scanNumber, targetId }: SessionContext,
  findings: readonly FindingInput[],
): Promise<readonly { readonly key: number; readonly partId: number }[]> {
  const noteAll = resources !== null;
  const arrays = COLUMNS.map(
    ({ type, value }) => sql`${findings.map((finding) => arrayMember(value(finding)))}::${sql.raw(type)}[]`,
  );
  const { rows } = await sql<{ key: number; part_id: number }>`
    with judged as materialized (
      select i.*, f.key, f.state, f.state = 'RESOLVED' as returned,
        f.state = 'SUPPRESSED' and f.suppressed_until <= ${at}::timestamptz as expired,
        f.key is not null and (${noteAll} or (${list('f')}) is distinct from (${list('i')})) as changed
      from unnest(${sql.join(arrays)}) as i(${names(COLUMNS)})
      left join lateral (select k.* from tagward.finding k where k.id = i.id limit 1) as f on true
    ),
    updated as (
      update tagward.finding f
      set ${sql.join(DESCRIBING.map(({ name }) => sql`${sql.ref(name)} = ${sql.ref(`j.${name}`)}`))},
        seen_at = greatest(f.seen_at, ${at}),
        state = case when j.returned or j.expired then 'OPEN' else f.state end,
        times_reopened = f.times_reopened + j.returned::int,
        opened_at = case when j.returned then ${at} else f.opened_at end,
        opened_scan = case when j.returned then ${scanNumber} else f.opened_scan end,
        gone_at = case when j.returned then f.resolved_at else f.gone_at end,
        resolved_at = case when j.returned then null else f.resolved_at end,
        suppressed_at = case when j.expired then null else f.suppressed_at end,
        suppressed_by = case when j.expired then null else f.suppressed_by end,
        suppressed_until = case when j.expired then null else f.suppressed_until end,
        suppression_reason = case when j.expired then null else f.suppression_reason end
      from judged j
      where (j.changed or j.returned or j.expired) and f.id = j.id
    ),
    inserted as (
      insert into tagward.finding
        (${names(COLUMNS)}, target_id, state, first_seen_at, opened_at, seen_at, opened_scan)
      select ${sql.join(COLUMNS.map(({ name }) => sql.ref(`j.${name}`)))}, ${targetId}, 'OPEN',
        ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, ${scanNumber}::bigint
      from judged j
      where j.key is null
      returning key, part_id
    )
    select j.key, j.part_id from judged j where j.key is not null
    union all
    select n.key, n.part_id from inserted n
  `.execute(db);
  return rows.map(({ key, part_id }) => ({ key, partId: part_id }));
}

function names(columns: readonly Column[]): RawBuilder<unknown> {
  return sql.join(columns.map(({ name }) => sql.ref(name)));
}

function list(table: 'f' | 'i'): RawBuilder<unknown> {
  return sql.join(DESCRIBING.map(({ name }) => sql.ref(`${table}.${name}`)));
}

function arrayMember(value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value;
}
