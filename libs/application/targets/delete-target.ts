import { notFound } from '#core';
import { visibleTarget } from '../access/visible-target.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Forgets a target with its inventory, scans and findings. A scan that runs notices within seconds and stops. */
export class DeleteTarget {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<boolean> {
    const { database, clock } = this.deps;
    const target = await visibleTarget(database.stores.targets, viewer, input.id);
    // Told before, so that scans stop writing: the batches of a scan's lanes overlap, and nobody could get in between.
    await database.stores.scans.requestCancelOf(target.id);
    return database.transaction(async (stores) => {
      if (!(await stores.targets.remove(target.id))) throw notFound('target', target.id);
      const { name, platform, location } = target;
      await recordAudit(stores, clock, {
        operation: 'deleteTarget',
        viewer,
        subject: `target:${target.id}`,
        details: { name, platform, location },
      });
      return true;
    });
  }
}
