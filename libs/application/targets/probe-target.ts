import { notFound } from '#core';
import { visibleTarget } from '../access/visible-target.js';
import type { Viewer } from '../records/access.js';
import type { TargetRecord } from '../records/target.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import type { OpenTarget } from './open-target.js';

const PROBE_TIMEOUT_MS = 15_000;

/** Reaches a target once and stores what it can do. */
export class ProbeTarget {
  constructor(
    private readonly deps: Pick<UseCaseDependencies, 'database' | 'clock'>,
    private readonly openTarget: OpenTarget,
  ) {}

  /** @throws HygieneError of the connector: what is wrong with address, credential or permission, and how to mend it */
  async execute(viewer: Viewer, input: { id: string }): Promise<TargetRecord> {
    const { database, clock } = this.deps;
    const target = await visibleTarget(database.stores.targets, viewer, input.id);
    const connector = await this.openTarget.execute(target);
    try {
      const health = await connector.health(AbortSignal.timeout(PROBE_TIMEOUT_MS));
      return await database.transaction(async (stores) => {
        await stores.targets.setCapabilities(target.id, health.capabilities);
        await recordAudit(stores, clock, {
          operation: 'probeTarget',
          viewer,
          subject: `target:${target.id}`,
          details: { identity: health.identity },
        });
        const renewed = await stores.targets.find(target.id);
        if (renewed === null) throw notFound('target', target.id);
        return renewed;
      });
    } finally {
      await connector.close();
    }
  }
}
