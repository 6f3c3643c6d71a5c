import { HygieneError } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Stores } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { ScheduleRecord } from '../records/schedule.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { visibleTarget } from '../access/visible-target.js';
import { nextTime } from './cron.js';

type Input = OperationInput<'upsertSchedule'>;

/** Makes a schedule, or changes the one of that name. */
export class UpsertSchedule {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  /** @throws HygieneError INPUT_INVALID, NOT_FOUND for a target, OPERATION_UNSUPPORTED for a standing remediation */
  async execute(viewer: Viewer, input: Input): Promise<ScheduleRecord> {
    const { database, clock } = this.deps;
    refuseRemediation(input);
    const targetIds = chosenIds(input);
    const next = nextTime(input.cron, input.timezone, clock.now());
    if (next === null) throw invalid('cron', 'names no time that ever comes');
    return database.transaction(async (stores) => {
      await checkTargets(stores, viewer, targetIds);
      const { name, cron, timezone, report, enabled } = input;
      const labels = input.labels ?? [];
      const schedule = await stores.schedules.upsert({
        ...{ name, cron, timezone, targetIds, labels, report, enabled },
        nextRunAt: enabled ? next : null,
      });
      await recordAudit(stores, clock, {
        operation: 'upsertSchedule',
        viewer,
        subject: `schedule:${schedule.id}`,
        details: {
          name,
          cron,
          timezone,
          targetIds,
          labels: labels.map((label) => ({ ...label })),
          report,
          enabled,
        },
      });
      return schedule;
    });
  }
}

function chosenIds({ targetIds, labels }: Input): readonly string[] | null {
  if (targetIds === undefined || targetIds.length === 0) return null;
  if (labels !== undefined && labels.length > 0)
    throw invalid('labels', 'expected either targetIds or labels, not both');
  return [...new Set(targetIds)];
}

async function checkTargets(stores: Stores, viewer: Viewer, ids: readonly string[] | null): Promise<void> {
  for (const id of ids ?? []) await visibleTarget(stores.targets, viewer, id);
}

function refuseRemediation({ remediation }: Input): void {
  if (remediation === undefined) return;
  throw new HygieneError(
    'OPERATION_UNSUPPORTED',
    'remediation: this version of Tagward changes nothing on platforms; leave it out.',
    { faults: [{ path: 'remediation', message: 'not offered by this version' }] },
  );
}

function invalid(path: string, message: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `${path}: ${message}.`, { faults: [{ path, message }] });
}
