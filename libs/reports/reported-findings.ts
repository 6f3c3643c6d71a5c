import type { FindingRecord, ReportModel } from '#application';
import type { Platform } from '#core';

/** One row of a report, in whatever file. */
export interface ReportedFinding {
  readonly finding: FindingRecord;
  /** The target's name; its id when the target came or went while the report was made. */
  readonly target: string;
  /** null when the target came or went while the report was made. */
  readonly platform: Platform | null;
}

/** The rows of a report in their order, one at a time: the one place where every format gets them. */
export async function* reportedFindings(model: ReportModel): AsyncGenerator<ReportedFinding> {
  const platforms = new Map(model.summary.targets.map(({ id, platform }) => [id, platform]));
  for await (const finding of model.findings()) {
    yield {
      finding,
      target: targetName(model, finding.targetId),
      platform: platforms.get(finding.targetId) ?? null,
    };
  }
}

/** The name of a target, or its id when the report does not know it. */
export function targetName(model: ReportModel, targetId: string): string {
  return model.targetNames.get(targetId) ?? targetId;
}
