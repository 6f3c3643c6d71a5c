import { type RawBuilder, type Selectable, sql } from 'kysely';
import { SEVERITIES } from '#core';
import type { FindingRecord, ReportRequest, ReportSummary, Visible } from '#application';
import { allOf, oneOf } from '../connection/conditions.js';
import type { Db } from '../connection/transactions.js';
import { findingRecord } from '../rows/finding.row.js';
import { urgencyOf } from '../rows/severity.row.js';
import { targetRecord } from '../rows/target.row.js';
import type { TargetTable } from '../schema.js';
import { scoreOf } from '../stores/refresh-score.js';
import { selectFindings } from '../stores/select-findings.js';

const PAGE = 1_000;

type ScanErrors = ReportSummary['errors'];

export async function reportSummary(db: Db, request: ReportRequest): Promise<ReportSummary> {
  const targets = await targetsOf(db, request.targetIds);
  const [score, groups, errors] = [
    await overallScore(db, request),
    await groupsOf(db, request),
    await errorsOf(db, request),
  ];
  const sum = (count: (group: Group) => number, of = groups) =>
    of.reduce((total, group) => total + count(group), 0);
  const open = (of: readonly Group[]) => sum((group) => group.open, [...of]);
  return {
    targets: targets.map(targetRecord),
    score,
    totals: {
      open: open(groups),
      new: sum((group) => group.opened),
      resolved: sum((group) => group.resolved),
      suppressed: sum((group) => group.suppressed),
    },
    bySeverity: SEVERITIES.toReversed().map((severity) => ({
      severity,
      open: open(groups.filter(({ urgency }) => urgency === urgencyOf(severity))),
    })),
    byRule: byRule(groups),
    byTarget: targets.map(({ id, hygiene_score }) => {
      const own = groups.filter((group) => group.target_id === id);
      return {
        targetId: id,
        open: open(own),
        new: sum((group) => group.opened, own),
        resolved: sum((group) => group.resolved, own),
        score: hygiene_score,
      };
    }),
    errors,
  };
}

/**
 * Findings that were open at some time of the period, most severe first, a page in memory at a time. A finding that was suppressed
 * before the period is not among them.
 */
export async function* reportFindings(db: Db, request: ReportRequest): AsyncIterable<FindingRecord> {
  const { from, to, targetIds } = request;
  const where = allOf([
    ...oneOf(sql`f.target_id`, targetIds),
    sql<boolean>`f.first_seen_at < ${to}`,
    sql<boolean>`case f.state when 'OPEN' then true when 'RESOLVED' then f.resolved_at >= ${from} else f.suppressed_at >= ${from} end`,
  ]);
  for (let after: RawBuilder<boolean> = sql`true`; ;) {
    const rows = await selectFindings(db)
      .where(where)
      .where(after)
      .orderBy('f.urgency')
      .orderBy('f.key')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield findingRecord(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = sql`(f.urgency, f.key) > (${last.urgency}::smallint, ${last.key}::bigint)`;
  }
}

interface Group {
  readonly target_id: string;
  readonly urgency: number;
  readonly rule_pack: string;
  readonly rule_id: string;
  readonly open: number;
  readonly opened: number;
  readonly resolved: number;
  readonly suppressed: number;
}

/** One row per target, rule and severity: few, whatever the number of findings. */
async function groupsOf(db: Db, { from, to, targetIds }: ReportRequest): Promise<readonly Group[]> {
  const { rows } = await sql<Group>`
    select f.target_id, f.urgency, f.rule_pack, f.rule_id,
      count(*) filter (where f.state = 'OPEN') as open,
      count(*) filter (where f.opened_at >= ${from} and f.opened_at < ${to}) as opened,
      count(*) filter (where f.state = 'RESOLVED' and f.resolved_at >= ${from} and f.resolved_at < ${to}) as resolved,
      count(*) filter (where f.state = 'SUPPRESSED') as suppressed
    from tagward.finding f
    where f.first_seen_at < ${to} and (f.state <> 'RESOLVED' or f.resolved_at >= ${from})
      and ${allOf(oneOf(sql`f.target_id`, targetIds))}
    group by f.target_id, f.urgency, f.rule_pack, f.rule_id
  `.execute(db);
  return rows;
}

async function targetsOf(db: Db, targetIds: Visible): Promise<readonly Selectable<TargetTable>[]> {
  const where = allOf(oneOf(sql`g.id`, targetIds));
  return db.selectFrom('tagward.target as g').selectAll('g').where(where).orderBy('g.name').execute();
}

async function overallScore(db: Db, { targetIds }: ReportRequest): Promise<number | null> {
  const { rows } = await sql<{ score: number | null }>`
    select case when count(*) > 0 then ${scoreOf(sql`sum(g.fault_weight)`, sql`sum(g.scored_tags)`)} end as score
    from tagward.target g
    where g.hygiene_score is not null and ${allOf(oneOf(sql`g.id`, targetIds))}
  `.execute(db);
  return rows[0]?.score ?? null;
}

async function errorsOf(db: Db, { targetIds }: ReportRequest): Promise<ScanErrors> {
  const { rows } = await sql<{ targetId: string; scope: string | null; message: string }>`
    select last.target_id as "targetId", e.error ->> 'scope' as scope, e.error ->> 'message' as message
    from tagward.target g
    cross join lateral (
      select c.target_id, c.errors
      from tagward.scan c
      where c.target_id = g.id and c.finished_at is not null
      order by c.number desc
      limit 1
    ) as last
    cross join lateral jsonb_array_elements(last.errors) as e(error)
    where ${allOf(oneOf(sql`g.id`, targetIds))}
    order by g.name, scope
  `.execute(db);
  return rows;
}

function byRule(groups: readonly Group[]): ReportSummary['byRule'] {
  const rules = new Map<string, { rulePack: string; ruleId: string; open: number }>();
  for (const { rule_pack: rulePack, rule_id: ruleId, open } of groups) {
    if (open === 0) continue;
    const key = JSON.stringify([rulePack, ruleId]);
    rules.set(key, { rulePack, ruleId, open: open + (rules.get(key)?.open ?? 0) });
  }
  return [...rules.values()].sort((a, b) => b.open - a.open || (a.ruleId < b.ruleId ? -1 : 1));
}
