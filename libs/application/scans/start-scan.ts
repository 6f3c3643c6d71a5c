import { createHash } from 'node:crypto';
import { visibleTarget } from '../access/visible-target.js';
import type { OperationInput } from '../operations/catalog.js';
import type { Stores } from '../ports/stores.js';
import type { Viewer } from '../records/access.js';
import type { RulePackRef } from '../records/rule-pack.js';
import type { ScanRecord } from '../records/scan.js';
import { checkRulePacks } from '../targets/target-config.js';
import { recordAudit, type UseCaseDependencies } from '../use-case-context.js';
import { RequestScans } from './request-scans.js';

/** Queues a scan of a target, or gives the one that waits already, widened to what is asked. */
export class StartScan {
  private readonly requests: RequestScans;

  constructor(
    private readonly deps: Pick<UseCaseDependencies, 'database' | 'scanQueue' | 'clock' | 'logger'>,
  ) {
    this.requests = new RequestScans(deps);
  }

  async execute(viewer: Viewer, input: OperationInput<'startScan'>): Promise<ScanRecord> {
    const { database } = this.deps;
    await visibleTarget(database.stores.targets, viewer, input.targetId);
    const scan = await database.transaction((stores) => this.enqueue(stores, viewer, input));
    await this.requests.dispatch([scan]);
    return scan;
  }

  private async enqueue(
    stores: Stores,
    viewer: Viewer,
    input: OperationInput<'startScan'>,
  ): Promise<ScanRecord> {
    const key =
      input.idempotencyKey === undefined ? null : idempotencyKey(viewer, input, input.idempotencyKey);
    const earlier = key === null ? null : await stores.idempotency.find(key);
    const known = earlier === null ? null : await stores.scans.find(earlier);
    if (known !== null) return known;
    const rulePacks = input.rulePacks === undefined ? null : await packRefs(stores, input.rulePacks);
    const { scan, created } = await this.requests.store(stores, {
      targetId: input.targetId,
      trigger: 'MANUAL',
      rulePacks,
      resources: input.resources ?? null,
    });
    if (key !== null) await stores.idempotency.put({ ...key, resultId: scan.id });
    await recordAudit(stores, this.deps.clock, {
      operation: 'startScan',
      viewer,
      subject: `target:${input.targetId}`,
      details: { scanId: scan.id, queuedBefore: !created, resources: input.resources?.length ?? null },
    });
    return scan;
  }
}

async function packRefs(stores: Stores, names: readonly string[]): Promise<RulePackRef[]> {
  await checkRulePacks(stores, names);
  const asked = new Set(names);
  const latest = await stores.rulePacks.latest();
  return latest.filter(({ name }) => asked.has(name)).map(({ name, version }) => ({ name, version }));
}

function idempotencyKey(viewer: Viewer, input: OperationInput<'startScan'>, key: string) {
  const request = JSON.stringify([input.targetId, input.rulePacks ?? null, input.resources ?? null]);
  const requestHash = createHash('sha256').update(request).digest('hex');
  return { subject: viewer.subject, operation: 'startScan', key, requestHash };
}
