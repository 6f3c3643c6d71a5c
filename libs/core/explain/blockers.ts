import type { ExplainablePolicy } from '../policy/policy.js';
import type { ExplainedBlocker, ExplanationContext, Standing, Subjects } from './explanation.js';
import { heldBy, reservedBlocker, type Heard } from './verdicts.js';

interface Known {
  readonly policy: ExplainablePolicy;
  readonly subjects: Subjects;
  readonly heard: Heard;
  readonly standing: Standing;
  readonly context: ExplanationContext;
}

/** All that stands in the way, each once: what the platform keeps, what packs protect, what holds fixes back, what holds content. */
export function blockersOf({
  policy,
  subjects,
  heard,
  standing,
  context,
}: Known): readonly ExplainedBlocker[] {
  const { resource, names } = subjects;
  const all = [
    ...names.flatMap((name) => reservedBlocker(context.platform, name) ?? []),
    ...names.flatMap((name) =>
      policy.protectors(resource, name, context).map(({ message, reference }) => ({
        code: 'PROTECTED',
        message,
        references: [reference],
        hard: true,
      })),
    ),
    ...heard.findings.flatMap(heldBy),
    ...standing.blockers,
    ...(context.isWritable ? [] : [READ_ONLY]),
  ];
  return [
    ...new Map(all.map((blocker) => [JSON.stringify([blocker.code, blocker.message]), blocker])).values(),
  ];
}

const READ_ONLY: ExplainedBlocker = {
  code: 'READ_ONLY_TARGET',
  message: 'The target is read only: no plan of Tagward changes it, whoever else may.',
  references: [],
  hard: false,
};
