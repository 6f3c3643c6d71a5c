import type { FileFault } from '../../failure.js';
import { inOrderOfWriting, type Plan } from '../plan/make-plan.js';
import type { Action, Step } from '../plan/step.js';

export type Outcome = 'unchanged' | 'differs' | 'applied' | 'failed';

/** Everything that is told of one run. */
export interface SyncReport {
  readonly outcome: Outcome;
  /** null: it did not come to a plan. */
  readonly plan: Plan | null;
  readonly written: ReadonlySet<Step>;
  readonly warnings: readonly FileFault[];
  readonly faults: readonly FileFault[];
  /** Why it failed. */
  readonly error: string | null;
}

export function countActions(plan: Plan): Record<Action, number> {
  const counts = { create: 0, update: 0, delete: 0, unchanged: 0 };
  for (const { action } of inOrderOfWriting(plan)) counts[action] += 1;
  return counts;
}

/** `packs/a.yaml:3:5: …` */
export function faultLine({ file, line, column, message }: FileFault): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return place === '' ? message : `${place}: ${message}`;
}
