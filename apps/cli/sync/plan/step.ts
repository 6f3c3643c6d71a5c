import type { PackRow, ScheduleRow, TargetRow } from '../../api/rows.js';
import type { DeclaredPack, DeclaredSchedule, DeclaredTarget } from '../files/declared.js';
import type { Difference } from './differences.js';

export type Action = 'create' | 'update' | 'delete' | 'unchanged';

/** One thing, as it is on the service (`current`) and as the directory says (`declared`). */
interface StepOf<Kind extends string, D, C> {
  readonly kind: Kind;
  readonly name: string;
  readonly action: Action;
  /** null: it is not in the directory. */
  readonly declared: D | null;
  /** null: the service does not have it. */
  readonly current: C | null;
  readonly differences: readonly Difference[];
  /** What else whoever looks at the plan should know. */
  readonly notes: readonly string[];
}

export type PackStep = StepOf<'rule-pack', DeclaredPack, PackRow>;
export type TargetStep = StepOf<'target', DeclaredTarget, TargetRow>;
export type ScheduleStep = StepOf<'schedule', DeclaredSchedule, ScheduleRow>;
export type Step = PackStep | TargetStep | ScheduleStep;

export const isWrite = ({ action }: Pick<Step, 'action'>): boolean => action !== 'unchanged';
