import { inOrderOfWriting, type Plan } from '../plan/make-plan.js';
import type { Step } from '../plan/step.js';
import { countActions, type SyncReport } from './outcome.js';

/** What `--json` writes: docs/packs-as-code.md has it field by field. */
export function toJson({ outcome, plan, written, warnings, faults, error }: SyncReport): unknown {
  return {
    outcome,
    counts: plan === null ? null : countActions(plan),
    changes: plan === null ? [] : changesOf(plan, written),
    warnings,
    faults,
    error,
  };
}

function changesOf(plan: Plan, written: ReadonlySet<Step>) {
  return inOrderOfWriting(plan).map((step) => ({
    kind: step.kind,
    name: step.name,
    action: step.action,
    file: step.declared?.source.file ?? null,
    differences: step.differences.map(({ path, before, after }) => ({ path, before, after })),
    notes: step.notes,
    written: written.has(step),
  }));
}
