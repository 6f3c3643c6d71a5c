import { HygieneError, notFound } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Viewer } from '../records/access.js';
import type { FindingRecord, Suppression } from '../records/finding.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';

/** Accepts one fault with a reason: it no longer counts until the suppression ends. */
export class SuppressFinding {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>) {}

  async execute(viewer: Viewer, input: OperationInput<'suppressFinding'>): Promise<FindingRecord> {
    const { database, clock } = this.deps;
    const suppression = suppressionOf(viewer, input, clock.now());
    return database.transaction(async (stores) => {
      const finding = await stores.findings.suppress(input.id, suppression, viewer.targetIds);
      if (finding === null) throw notFound('finding', input.id);
      await stores.targets.refreshScore(finding.targetId, suppression.at);
      await recordAudit(stores, clock, {
        operation: 'suppressFinding',
        viewer,
        subject: `finding:${finding.id}`,
        details: { reason: input.reason, until: input.until?.toISOString() ?? null },
      });
      return finding;
    });
  }
}

/** @throws HygieneError INPUT_INVALID when `until` has passed */
export function suppressionOf(
  viewer: Viewer,
  input: { reason: string; until?: Date | undefined },
  now: Date,
): Suppression {
  if (input.until !== undefined && input.until <= now) {
    throw new HygieneError('INPUT_INVALID', 'until: expected a time to come.', {
      faults: [{ path: 'until', message: 'expected a time to come' }],
    });
  }
  return { reason: input.reason, by: viewer.subject, at: now, until: input.until ?? null };
}
