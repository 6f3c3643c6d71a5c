import type { ReportModel } from '#application';
import { targetName } from './reported-findings.js';

export interface UnreadPart {
  readonly target: string;
  /** null: the whole target. */
  readonly scope: string | null;
  readonly reason: string;
  /** Of the table of errors; null for a target that no scan has read yet. */
  readonly code: string | null;
}

/** What the last scans could not read, and the targets that no scan has read yet. */
export function unreadParts(model: ReportModel): readonly UnreadPart[] {
  const { errors, byTarget } = model.summary;
  const failed = new Set(errors.map(({ targetId }) => targetId));
  const unscanned = byTarget.filter(({ targetId, score }) => score === null && !failed.has(targetId));
  return [
    ...errors.map(({ targetId, scope, code, message }) => ({
      target: targetName(model, targetId),
      scope,
      reason: message,
      code,
    })),
    ...unscanned.map(({ targetId }) => ({
      target: targetName(model, targetId),
      scope: null,
      reason: 'No scan of it has ended yet.',
      code: null,
    })),
  ];
}

/** Rules that had no fact to judge by: neither a pass nor a finding. */
export function notEvaluatedRules(model: ReportModel) {
  return model.summary.notEvaluated.map(({ targetId, rulePack, ruleId, needs, resources }) => ({
    target: targetName(model, targetId),
    rule: `${rulePack}/${ruleId}`,
    needs,
    resources,
  }));
}
