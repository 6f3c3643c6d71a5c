import type { AdmissionRecord } from '#application';
import type { TagExplanation } from '#core';
import type { z } from 'zod';
import type * as answers from './judging-answers.js';

const upper = <V extends string>(value: V) => value.toUpperCase() as Uppercase<V>;

export function presentAdmission(record: AdmissionRecord): z.input<typeof answers.admission> {
  return {
    findings: record.findings.map((finding) => ({ ...finding, severity: upper(finding.severity) })),
    worst: record.worst === null ? null : upper(record.worst),
    notEvaluated: record.notEvaluated.map((entry) => ({ ...entry })),
    rulePacks: record.rulePacks.map(({ name, version }) => ({ name, version })),
  };
}

export function presentExplanation(explanation: TagExplanation): z.input<typeof answers.tagExplanation> {
  return {
    ...explanation,
    verdicts: explanation.verdicts.map((verdict) => ({ ...verdict })),
    blockers: explanation.blockers.map(({ references, ...rest }) => ({
      ...rest,
      references: [...references],
    })),
    steps: explanation.steps.map((step) => ({ ...step })),
  };
}
