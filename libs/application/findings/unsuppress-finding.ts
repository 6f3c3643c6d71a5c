import { notFound } from '#core';
import type { Viewer } from '../records/access.js';
import type { FindingRecord } from '../records/finding.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Takes a suppression back: the finding is open again. */
export class UnsuppressFinding {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: { id: string }): Promise<FindingRecord> {
    const { database, clock } = this.deps;
    return database.transaction(async (stores) => {
      const finding = await stores.findings.unsuppress(input.id, viewer.targetIds);
      if (finding === null) throw notFound('finding', input.id);
      await stores.targets.refreshScore(finding.targetId, clock.now());
      await recordAudit(stores, clock, {
        operation: 'unsuppressFinding',
        viewer,
        subject: `finding:${finding.id}`,
        details: {},
      });
      return finding;
    });
  }
}
