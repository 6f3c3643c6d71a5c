import type { ScheduleRow } from '../../api/rows.js';
import type { DeclaredSchedule } from '../files/declared.js';
import type { ServerState } from '../server-state.js';
import { differences } from './differences.js';
import { inOrder } from './label-order.js';
import type { ScheduleStep } from './step.js';

export function planSchedules(
  declared: readonly DeclaredSchedule[],
  { schedules, targets }: Pick<ServerState, 'schedules' | 'targets'>,
  prune: boolean,
): ScheduleStep[] {
  const names = new Map([...targets.values()].map(({ id, name }) => [id, name]));
  const steps = declared.map((schedule): ScheduleStep => {
    const current = schedules.get(schedule.name) ?? null;
    const step = { kind: 'schedule', name: schedule.name, declared: schedule, current, notes: [] } as const;
    if (current === null) return { ...step, action: 'create', differences: [] };
    const found = differences(currentFields(current, names), declaredFields(schedule));
    return { ...step, action: found.length === 0 ? 'unchanged' : 'update', differences: found };
  });
  const kept = new Set(declared.map(({ name }) => name));
  const pruned = prune ? [...schedules.values()].filter(({ name }) => !kept.has(name)) : [];
  return [...steps, ...pruned.map(removed)];
}

function declaredFields({ cron, timezone, targets, labels, report, enabled }: DeclaredSchedule) {
  return { cron, timezone, targets: targets.toSorted(), labels: inOrder(labels), report, enabled };
}

function currentFields(row: ScheduleRow, names: ReadonlyMap<string, string>) {
  const { cron, timezone, targetIds, labels, report, enabled } = row;
  const targets = targetIds.map((id) => names.get(id) ?? id).sort();
  return { cron, timezone, targets, labels: inOrder(labels), report, enabled };
}

function removed(current: ScheduleRow): ScheduleStep {
  const notes = ['Nothing starts at its times any more.'];
  return {
    kind: 'schedule',
    name: current.name,
    action: 'delete',
    declared: null,
    current,
    differences: [],
    notes,
  };
}
