import type { Declarations } from '../files/read-declarations.js';
import type { ServerState } from '../server-state.js';
import { planPacks } from './plan-packs.js';
import { planSchedules } from './plan-schedules.js';
import { planTargets } from './plan-targets.js';
import type { PackStep, ScheduleStep, Step, TargetStep } from './step.js';

/** What may be removed because the directory does not have it. */
export interface Prune {
  /** Rule packs and schedules. */
  readonly rest: boolean;
  readonly targets: boolean;
}

export interface Plan {
  readonly packs: readonly PackStep[];
  readonly targets: readonly TargetStep[];
  readonly schedules: readonly ScheduleStep[];
}

/**
 * How the service differs from the directory. A kind of which the directory has nothing at all is left alone: a directory of rule packs
 * does not say that there are to be no schedules.
 */
export function makePlan(declared: Declarations, state: ServerState, prune: Prune): Plan {
  const { packs, targets, schedules } = declared;
  return {
    packs: planPacks(packs, state.packs, prune.rest && packs.length > 0),
    targets: planTargets(targets, state, prune.targets && targets.length > 0),
    schedules: planSchedules(schedules, state, prune.rest && schedules.length > 0),
  };
}

/** In the order in which one thing needs another: what is referred to comes before and goes after what refers to it. */
export function inOrderOfWriting({ packs, targets, schedules }: Plan): readonly Step[] {
  const rising: readonly Step[] = [...packs, ...targets, ...schedules];
  const falling: readonly Step[] = [...schedules, ...targets, ...packs];
  return [
    ...rising.filter(({ action }) => action !== 'delete'),
    ...falling.filter(({ action }) => action === 'delete'),
  ];
}
