import type { PeriodCounts, ReportModel } from '#application';
import { targetName } from '../reported-findings.js';
import { SCORE_FORMULA } from '../score-formula.js';
import { findingOf } from './document-finding.js';
import { REPORT_SCHEMA_ID, type ReportDocument } from './report-document.js';
import { upperPlatform, upperSeverity } from './spelling.js';

/** Everything but the findings. */
type Head = Omit<ReportDocument, 'findings' | 'findingCount'>;

export function headOf(model: ReportModel): Head {
  const { summary } = model;
  return {
    $schema: REPORT_SCHEMA_ID,
    version: 1,
    id: model.id,
    from: model.from.toISOString(),
    to: model.to.toISOString(),
    generatedAt: model.generatedAt.toISOString(),
    auditHead: model.auditHead,
    score: summary.score,
    scoreFormula: SCORE_FORMULA,
    scoreBefore: summary.scoreBefore,
    trend: summary.trend.map(({ at, score, open }) => ({ at: at.toISOString(), score, open })),
    tags: summary.tags,
    ...countsOf(model),
    targets: targetsOf(model),
    oldest: oldestOf(model),
    ...unreadOf(model),
    packChanges: summary.packChanges.map((change) => ({
      name: change.name,
      fromVersion: change.fromVersion,
      toVersion: change.toVersion,
      at: change.at.toISOString(),
      by: change.by,
      added: [...change.added],
      removed: [...change.removed],
    })),
  };
}

/** Fields that are named, so that one that the model gains does not slip past the schema. */
function countsIn({ open, new: found, resolved, suppressed }: PeriodCounts) {
  return { open, new: found, resolved, suppressed };
}

function countsOf({
  summary,
}: ReportModel): Pick<Head, 'totals' | 'bySeverity' | 'byRule' | 'byPlatform' | 'byTeam' | 'teamsBeyond'> {
  const { flapping, fixable } = summary.totals;
  return {
    totals: { ...countsIn(summary.totals), flapping, fixable },
    bySeverity: summary.bySeverity.map(({ severity, ...counts }) => ({
      severity: upperSeverity(severity),
      ...countsIn(counts),
    })),
    byRule: summary.byRule.map(({ rulePack, ruleId, title, severity, ...counts }) => ({
      rulePack,
      ruleId,
      title,
      severity: upperSeverity(severity),
      ...countsIn(counts),
    })),
    byPlatform: summary.byPlatform.map(({ platform, targets, score, ...counts }) => ({
      platform: upperPlatform(platform),
      targets,
      score,
      ...countsIn(counts),
    })),
    byTeam: summary.byTeam.map(({ team, ...counts }) => ({ team, ...countsIn(counts) })),
    teamsBeyond: summary.teamsBeyond,
  };
}

function targetsOf(model: ReportModel): Head['targets'] {
  const targets = new Map(model.summary.targets.map((target) => [target.id, target]));
  return model.summary.byTarget.map((summary) => {
    const target = targets.get(summary.targetId);
    const { lastScan } = summary;
    return {
      id: summary.targetId,
      name: targetName(model, summary.targetId),
      platform: target === undefined ? null : upperPlatform(target.platform),
      location: target?.location ?? null,
      tags: summary.tags,
      score: summary.score,
      scoreBefore: summary.scoreBefore,
      ...countsIn(summary),
      lastScan: lastScan && { status: lastScan.status, finishedAt: lastScan.finishedAt.toISOString() },
    };
  });
}

function unreadOf(model: ReportModel): Pick<Head, 'errors' | 'notEvaluated'> {
  const { errors, notEvaluated } = model.summary;
  return {
    errors: errors.map(({ targetId, scope, code, message }) => ({
      targetId,
      target: targetName(model, targetId),
      scope,
      code,
      message,
    })),
    notEvaluated: notEvaluated.map(({ targetId, rulePack, ruleId, needs, resources }) => ({
      targetId,
      target: targetName(model, targetId),
      rulePack,
      ruleId,
      needs,
      resources,
    })),
  };
}

function oldestOf(model: ReportModel): Head['oldest'] {
  const platforms = new Map(model.summary.targets.map(({ id, platform }) => [id, platform]));
  return model.summary.oldest.map((finding) =>
    findingOf({
      finding,
      target: targetName(model, finding.targetId),
      platform: platforms.get(finding.targetId) ?? null,
    }),
  );
}
