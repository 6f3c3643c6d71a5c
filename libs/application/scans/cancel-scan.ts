import { notFound } from '#core';
import { visibleRecord } from '../access/visible-target.js';
import type { Viewer } from '../records/access.js';
import { isFinished, type ScanRecord } from '../records/scan.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** A queued scan ends at once, a running one within two seconds, a finished one stays as it is. */
export class CancelScan {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<ScanRecord> {
    const { database, clock } = this.deps;
    const before = visibleRecord(viewer, await database.stores.scans.find(input.id));
    if (before === null) throw notFound('scan', input.id);
    if (isFinished(before.status)) return before;
    return database.transaction(async (stores) => {
      const scan = await stores.scans.requestCancel(input.id);
      if (scan === null) throw notFound('scan', input.id);
      await recordAudit(stores, clock, {
        operation: 'cancelScan',
        viewer,
        subject: `target:${scan.targetId}`,
        details: { scanId: scan.id },
      });
      return scan;
    });
  }
}
