import { sql } from 'kysely';
import type { Severity } from '#core';
import type { Count, FindingCounts } from '#application';
import { allowLongStatements } from '../connection/statement-limits.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { severityOf } from '../rows/severity.row.js';
import type { SessionContext } from './session-context.js';
import { resolveFindings } from './unit-completion.js';

const RULE_IS_GONE = 'No stored rule pack holds this rule any more.';

/** Resolves findings of rules that no pack holds, and counts the outcome of the scan, all its attempts together. */
export async function finishSession(
  context: SessionContext,
  storedRules: readonly { readonly rulePack: string; readonly ruleId: string }[],
): Promise<FindingCounts> {
  return inTransaction(context.db, async (db) => {
    await allowLongStatements(db);
    const stored = storedRules.map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`);
    const orphaned = sql<boolean>`f.target_id = ${context.targetId}
      and f.rule_pack || '/' || f.rule_id <> all(${stored}::text[])`;
    await resolveFindings(db, context, orphaned, RULE_IS_GONE);
    const [groups, changes] = [await openGroups(db, context), await changesOf(db, context)];
    const open = groups.reduce((sum, { count }) => sum + count, 0);
    return { open, ...changes, bySeverity: bySeverity(groups), byRule: byRule(groups) };
  });
}

interface Group {
  readonly urgency: number;
  readonly rule: string;
  readonly count: number;
}

async function openGroups(db: Db, { targetId, ruleSet }: SessionContext): Promise<readonly Group[]> {
  const { rows } = await sql<Group>`
    select f.urgency, f.rule_pack || '/' || f.rule_id as rule, count(*) as count
    from tagward.finding f
    where f.target_id = ${targetId} and f.state = 'OPEN'
      and f.rule_pack || '/' || f.rule_id = any(${[...ruleSet.rules]}::text[])
    group by 1, 2
    order by 1, 2
  `.execute(db);
  return rows;
}

async function changesOf(
  db: Db,
  { targetId, scanNumber }: SessionContext,
): Promise<{ new: number; resolved: number }> {
  const { rows } = await sql<{ new: number; resolved: number }>`
    select count(*) filter (where f.opened_scan = ${scanNumber}) as new,
      count(*) filter (where f.state = 'RESOLVED' and f.resolved_scan = ${scanNumber}) as resolved
    from tagward.finding f
    where f.target_id = ${targetId} and (f.opened_scan = ${scanNumber} or f.resolved_scan = ${scanNumber})
  `.execute(db);
  return rows[0] ?? { new: 0, resolved: 0 };
}

function bySeverity(groups: readonly Group[]): Count[] {
  const counts = new Map<Severity, number>();
  for (const { urgency, count } of groups)
    counts.set(severityOf(urgency), (counts.get(severityOf(urgency)) ?? 0) + count);
  return [...counts].map(([name, count]) => ({ name, count }));
}

function byRule(groups: readonly Group[]): Count[] {
  const counts = new Map<string, number>();
  for (const { rule, count } of groups) counts.set(rule, (counts.get(rule) ?? 0) + count);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
