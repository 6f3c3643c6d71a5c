import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Removes a schedule; what it has started goes on. */
export class DeleteSchedule {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const schedule = await stores.schedules.find(input.id);
      if (schedule === null || !(await stores.schedules.remove(input.id)))
        throw notFound('schedule', input.id);
      await recordAudit(stores, clock, {
        operation: 'deleteSchedule',
        viewer,
        subject: `schedule:${input.id}`,
        details: { name: schedule.name },
      });
      return true;
    });
  }
}
