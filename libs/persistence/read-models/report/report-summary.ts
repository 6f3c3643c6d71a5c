import { type Selectable, sql } from 'kysely';
import { PLATFORMS } from '#core';
import type { ReportRequest, ReportSummary, TargetSummary, Visible } from '#application';
import { allOf, oneOf } from '../../connection/conditions.js';
import { allowLongStatements } from '../../connection/statement-limits.js';
import { type Db, inTransaction } from '../../connection/transactions.js';
import { targetRecord } from '../../rows/target.row.js';
import type { TargetTable } from '../../schema.js';
import { byRule, bySeverity, type CountedRule, countsByRule, totalsOf } from './counts-by-rule.js';
import { countsByTeam } from './counts-by-team.js';
import { oldestFindings } from './findings-of-period.js';
import { type LastScans, lastScansOf } from './last-scans.js';
import { packChanges, ruleTitles } from './pack-changes.js';
import { NO_COUNTS, sumOf } from './period-counts.js';
import { dailyScores, scoreOver, scoresAt, type TargetScore } from './scores.js';

/** A quarter, for a report of a week. */
const TREND_PERIODS = 12;
const MOST_TREND_DAYS = 400;
const DAY_MS = 86_400_000;

type Targets = readonly Selectable<TargetTable>[];
type Scores = ReadonlyMap<string, TargetScore>;

interface Parts {
  readonly targets: Targets;
  readonly groups: readonly CountedRule[];
  readonly scores: Scores;
  readonly scoresBefore: Scores;
  readonly scans: LastScans;
}

/** A fixed number of statements, whatever the number of targets; each gives few rows, whatever the number of findings. */
export async function reportSummary(db: Db, request: ReportRequest): Promise<ReportSummary> {
  return inTransaction(db, async (transaction) => {
    await allowLongStatements(transaction);
    return summaryOf(transaction, request);
  });
}

async function summaryOf(db: Db, request: ReportRequest): Promise<ReportSummary> {
  const { from, to, targetIds } = request;
  const parts: Parts = {
    targets: await targetsOf(db, targetIds),
    groups: await countsByRule(db, request),
    scores: await scoresAt(db, to, targetIds),
    scoresBefore: await scoresAt(db, from, targetIds),
    scans: await lastScansOf(db, request),
  };
  const byTarget = targetSummaries(parts);
  return {
    targets: parts.targets.map(targetRecord),
    score: scoreOver([...parts.scores.values()]),
    scoreBefore: scoreOver([...parts.scoresBefore.values()]),
    trend: await dailyScores(db, { from: trendStart(request), to }, targetIds),
    tags: byTarget.reduce((sum, { tags }) => sum + tags, 0),
    totals: totalsOf(parts.groups),
    bySeverity: bySeverity(parts.groups),
    byRule: byRule(parts.groups, await ruleTitles(db)),
    byTarget,
    byPlatform: platformSummaries(parts, byTarget),
    ...(await countsByTeam(db, request)),
    oldest: await oldestFindings(db, request),
    errors: parts.scans.errors,
    notEvaluated: parts.scans.notEvaluated,
    packChanges: await packChanges(db, request),
  };
}

async function targetsOf(db: Db, targetIds: Visible): Promise<Targets> {
  const where = allOf(oneOf(sql`g.id`, targetIds));
  return db.selectFrom('tagward.target as g').selectAll('g').where(where).orderBy('g.name').execute();
}

function trendStart({ from, to }: ReportRequest): Date {
  const start = from.getTime() - TREND_PERIODS * (to.getTime() - from.getTime());
  return new Date(Math.max(start, to.getTime() - MOST_TREND_DAYS * DAY_MS));
}

function targetSummaries({ targets, groups, scores, scoresBefore, scans }: Parts): TargetSummary[] {
  const groupsOf = Map.groupBy(groups, ({ target_id }) => target_id);
  return targets.map(({ id }) => ({
    targetId: id,
    tags: scores.get(id)?.tags ?? 0,
    score: scores.get(id)?.score ?? null,
    scoreBefore: scoresBefore.get(id)?.score ?? null,
    lastScan: scans.byTarget.get(id) ?? null,
    ...sumOf(groupsOf.get(id) ?? [NO_COUNTS]),
  }));
}

/** Platforms that have a target, in the order in which the product names them. */
function platformSummaries(
  { targets, scores }: Parts,
  byTarget: readonly TargetSummary[],
): ReportSummary['byPlatform'] {
  const ids = Map.groupBy(targets, ({ platform }) => platform);
  return PLATFORMS.flatMap((platform) => {
    const own = new Set(ids.get(platform)?.map(({ id }) => id));
    if (own.size === 0) return [];
    return {
      platform,
      targets: own.size,
      score: scoreOver([...own].flatMap((id) => scores.get(id) ?? [])),
      ...sumOf(byTarget.filter(({ targetId }) => own.has(targetId))),
    };
  });
}
