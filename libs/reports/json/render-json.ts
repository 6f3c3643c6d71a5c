import type { ReportModel } from '#application';
import type { Platform, Severity } from '#core';
import { reportedFindings, type ReportedFinding, targetName } from '../reported-findings.js';
import { SCORE_FORMULA } from '../score-formula.js';
import { REPORT_SCHEMA_ID, type ReportDocument } from './report-document.js';

type Finding = ReportDocument['findings'][number];
type Head = Omit<ReportDocument, 'findings' | 'findingCount'>;

/** One JSON document of REPORT_JSON_SCHEMA, one finding a line; `findingCount` comes last and says that the file is whole. */
export async function* renderJson(model: ReportModel): AsyncGenerator<string> {
  yield `${JSON.stringify(headOf(model)).slice(0, -1)},"findings":[`;
  let count = 0;
  for await (const row of reportedFindings(model)) {
    yield `${count === 0 ? '' : ','}\n${JSON.stringify(findingOf(row))}`;
    count += 1;
  }
  yield `\n],"findingCount":${count}}\n`;
}

function headOf(model: ReportModel): Head {
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
    totals: {
      open: summary.totals.open,
      new: summary.totals.new,
      resolved: summary.totals.resolved,
      suppressed: summary.totals.suppressed,
    },
    bySeverity: summary.bySeverity.map(({ severity, open }) => ({ severity: upperSeverity(severity), open })),
    byRule: summary.byRule.map(({ rulePack, ruleId, open }) => ({ rulePack, ruleId, open })),
    targets: targetsOf(model),
    errors: summary.errors.map(({ targetId, scope, message }) => ({
      targetId,
      target: targetName(model, targetId),
      scope,
      message,
    })),
  };
}

function targetsOf(model: ReportModel): Head['targets'] {
  const targets = new Map(model.summary.targets.map((target) => [target.id, target]));
  return model.summary.byTarget.map((counts) => ({
    id: counts.targetId,
    name: targetName(model, counts.targetId),
    platform: upperPlatform(targets.get(counts.targetId)?.platform ?? null),
    location: targets.get(counts.targetId)?.location ?? null,
    score: counts.score,
    open: counts.open,
    new: counts.new,
    resolved: counts.resolved,
  }));
}

function findingOf({ finding, target, platform }: ReportedFinding): Finding {
  const { suppression } = finding;
  return {
    id: finding.id,
    targetId: finding.targetId,
    target,
    platform: upperPlatform(platform),
    scope: finding.scope,
    rulePack: finding.rulePack,
    ruleId: finding.ruleId,
    severity: upperSeverity(finding.severity),
    state: finding.state,
    resource: finding.resource,
    resourceType: finding.resourceType,
    tag: finding.tag,
    value: finding.value,
    message: finding.message,
    suggestion: finding.suggestion,
    changes: [...finding.changes],
    fixable: finding.fixable,
    blocked: finding.blocked,
    fixAtSource: finding.fixAtSource,
    flapping: finding.flapping,
    timesReopened: finding.timesReopened,
    evidence: finding.evidence,
    firstSeenAt: finding.firstSeenAt.toISOString(),
    lastSeenAt: finding.lastSeenAt.toISOString(),
    resolvedAt: finding.resolvedAt?.toISOString() ?? null,
    suppression: suppression && {
      reason: suppression.reason,
      by: suppression.by,
      at: suppression.at.toISOString(),
      until: suppression.until?.toISOString() ?? null,
    },
  };
}

function upperSeverity(severity: Severity): Uppercase<Severity> {
  return severity.toUpperCase() as Uppercase<Severity>;
}

function upperPlatform(platform: Platform | null): Uppercase<Platform> | null {
  return platform === null ? null : (platform.toUpperCase() as Uppercase<Platform>);
}
