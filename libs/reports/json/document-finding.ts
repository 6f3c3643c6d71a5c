import type { ReportedFinding } from '../reported-findings.js';
import type { ReportDocument } from './report-document.js';
import { upperPlatform, upperSeverity } from './spelling.js';

export function findingOf({
  finding,
  target,
  platform,
}: ReportedFinding): ReportDocument['findings'][number] {
  const { suppression } = finding;
  return {
    id: finding.id,
    targetId: finding.targetId,
    target,
    platform: platform === null ? null : upperPlatform(platform),
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
