import { HygieneError } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { suppressionOf } from './suppress-finding.js';

/** Suppresses every open finding that matches. A filter that limits nothing is refused: it is more often a slip than a wish. */
export class SuppressFindings {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'suppressFindings'>): Promise<number> {
    const { database, clock } = this.deps;
    if (Object.values(input.filter).every((limit) => limit === undefined)) {
      throw new HygieneError(
        'INPUT_INVALID',
        'filter: name at least one limit; an empty filter would suppress everything.',
        {
          faults: [{ path: 'filter', message: 'expected at least one limit' }],
        },
      );
    }
    const suppression = suppressionOf(viewer, input, clock.now());
    return database.transaction(async (stores) => {
      const { count, targetIds } = await stores.findings.suppressAll(
        input.filter,
        suppression,
        viewer.targetIds,
      );
      for (const id of targetIds) await stores.targets.refreshScore(id, suppression.at);
      await recordAudit(stores, clock, {
        operation: 'suppressFindings',
        viewer,
        subject: 'findings',
        details: {
          count,
          reason: input.reason,
          filter: JSON.stringify(input.filter),
          until: input.until?.toISOString() ?? null,
        },
      });
      return count;
    });
  }
}
