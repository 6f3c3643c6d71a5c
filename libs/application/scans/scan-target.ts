import { randomUUID } from 'node:crypto';
import { HygieneError, isScoped, type Logger } from '#core';
import { Notify } from '../notifications/notify.js';
import { notifyScan } from '../notifications/notify-scan.js';
import type { DeliveryQueue } from '../ports/notifications.js';
import type { Clock, LaneQueue } from '../ports/services.js';
import type { ClaimedScan, Database, ScanOutcome, ScanSession } from '../ports/stores.js';
import type { FindingCounts } from '../records/scan.js';
import type { TargetRecord } from '../records/target.js';
import type { OpenTarget } from '../targets/open-target.js';
import { FanOut } from './fan-out.js';
import type { LoadedPolicy, LoadPolicy } from './load-policy.js';
import { ScanGuard } from './scan-guard.js';
import { ScanTally } from './scan-tally.js';
import { sumUpLanes } from './sum-up-lanes.js';
import { TargetReader } from './target-reader.js';

const NO_COUNTS: FindingCounts = { open: 0, new: 0, resolved: 0, bySeverity: [], byRule: [] };

export interface ScanTargetDependencies {
  readonly database: Database;
  readonly openTarget: OpenTarget;
  readonly loadPolicy: LoadPolicy;
  readonly laneQueue: LaneQueue;
  readonly deliveryQueue: DeliveryQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What one run of a scan works with. */
interface Run {
  readonly claimed: ClaimedScan;
  readonly target: TargetRecord;
  readonly loaded: LoadedPolicy;
  /** `now` of every verdict. */
  readonly at: Date;
  readonly guard: ScanGuard;
  readonly tally: ScanTally;
}

/**
 * Runs the scans that wait for a target, one after the other, until none waits; a target of many scopes is handed to lanes, and summed up
 * after them. The queue's job only says "look": all facts are read from the database, so that running it twice, or for a target that
 * is gone, does no harm.
 */
export class ScanTarget {
  private readonly owner = randomUUID();
  private readonly fanOut: FanOut;
  private readonly notify: Notify;

  constructor(private readonly deps: ScanTargetDependencies) {
    this.fanOut = new FanOut(deps);
    this.notify = new Notify(deps);
  }

  /** @param drain aborts when this process has to stop; the scan in hand goes back to the queue */
  async execute(targetId: string, drain: AbortSignal): Promise<void> {
    const { scans } = this.deps.database.stores;
    while (!drain.aborted) {
      const claimed = await scans.claim(targetId, this.owner);
      if (claimed === null || !(await this.run(claimed, drain))) return;
    }
  }

  /** false when the scan was lost: who has it now looks for what waits behind it. */
  private async run(claimed: ClaimedScan, drain: AbortSignal): Promise<boolean> {
    const { database, logger } = this.deps;
    const { scan } = claimed;
    const tally = tallyOf(claimed);
    const renew = () => database.stores.scans.heartbeat(scan.id, this.owner, tally.progress);
    const guard = new ScanGuard(scan.id, renew, { signals: database.signals, logger });
    guard.start(drain);
    let outcome: ScanOutcome | null = null;
    try {
      outcome = await guard.unlessLost(this.scan(claimed, guard, tally));
    } catch (error) {
      outcome = this.outcomeOfFault(error, guard, tally, scan.id);
    } finally {
      await guard.end();
    }
    if (guard.stopped === 'draining') await database.stores.scans.release(scan.id, this.owner);
    else if (outcome !== null && guard.stopped !== 'lost') await this.finish(claimed, outcome);
    return guard.stopped !== 'lost';
  }

  /** null: the scan is not ours to finish. @throws faults of the database, so that the job is tried again */
  private outcomeOfFault(
    error: unknown,
    guard: ScanGuard,
    tally: ScanTally,
    scanId: string,
  ): ScanOutcome | null {
    if (guard.stopped === 'lost' || guard.stopped === 'draining') return null;
    if (guard.stopped === 'cancelled') return outcome('CANCELLED', tally, null, NO_COUNTS);
    if (error instanceof HygieneError && error.code === 'DEPENDENCY_DOWN') throw error;
    if (!(error instanceof HygieneError) || error.category === 'invariant') {
      this.deps.logger.error({ err: error, scanId }, 'a scan met an unexpected fault');
    }
    tally.addFault(error);
    return outcome('FAILED', tally, null, NO_COUNTS);
  }

  /** null: the scan goes on in its lanes. */
  private async scan(claimed: ClaimedScan, guard: ScanGuard, tally: ScanTally): Promise<ScanOutcome | null> {
    const { database, loadPolicy, clock } = this.deps;
    const { scan, requestedPacks, lanes } = claimed;
    const target = await database.stores.targets.find(scan.targetId);
    if (target === null) throw new HygieneError('NOT_FOUND', 'The target is gone.');
    const loaded = await loadPolicy.execute(target, requestedPacks, lanes === null ? null : scan.rulePacks);
    const run: Run = { claimed, target, loaded, at: scan.startedAt ?? clock.now(), guard, tally };
    const session = lanes === null ? await this.read(run) : await this.sumUp(run);
    if (session === null) return null;
    guard.signal.throwIfAborted();
    const counts = await session.finish(loaded.storedRules);
    return outcome(tally.status, tally, loaded, counts);
  }

  /** null: the scan was handed to its lanes. */
  private async read(run: Run): Promise<ScanSession | null> {
    const { claimed, target, loaded, at, guard, tally } = run;
    const { scan } = claimed;
    const { signal } = guard;
    const connector = await this.deps.openTarget.execute(target);
    try {
      if (scan.scopes === null && isScoped(connector)) {
        const { rulePacks } = loaded;
        const request = { scanId: scan.id, owner: this.owner, rulePacks, signal };
        if (await this.fanOut.execute(connector, request)) return null;
      }
      const session = await this.openSession(run);
      const reader = new TargetReader({ target, policy: loaded.policy, session, tally, at });
      await reader.read(connector, { resources: scan.scopes }, signal);
      return session;
    } finally {
      await connector.close();
    }
  }

  private async sumUp(run: Run): Promise<ScanSession> {
    const session = await this.openSession(run);
    await sumUpLanes(run.claimed, this.deps.database.stores.scanScopes, session, run.tally);
    return session;
  }

  private async openSession({ claimed, target, loaded, at }: Run): Promise<ScanSession> {
    return this.deps.database.openScanSession({
      scanId: claimed.scan.id,
      targetId: target.id,
      at,
      rules: loaded.rules,
      resources: claimed.scan.scopes,
      ownerTag: loaded.ownerTag,
      ownerOf: loaded.ownerOf,
    });
  }

  private async finish({ scan }: ClaimedScan, result: ScanOutcome): Promise<void> {
    const { database, clock, logger } = this.deps;
    const told = await database.transaction(async (stores) => {
      const before = await stores.targets.find(scan.targetId);
      const record = await stores.scans.finish(scan.id, this.owner, result);
      if (record === null) return null;
      if (result.status === 'SUCCEEDED' || result.status === 'PARTIAL')
        await stores.targets.refreshScore(scan.targetId, clock.now());
      const { open, new: found, resolved } = result.counts;
      await stores.audit.append({
        actor: 'system',
        action: 'scan.finish',
        subject: `target:${scan.targetId}`,
        details: {
          scanId: scan.id,
          status: result.status,
          open,
          new: found,
          resolved,
          errors: result.errors.length,
        },
        at: clock.now(),
      });
      return notifyScan(this.notify, stores, record, before);
    });
    await this.notify.dispatch(told ?? []);
    const fields = { scanId: scan.id, targetId: scan.targetId, status: result.status, ...result.progress };
    logger.info({ ...fields, finished: told !== null }, 'a scan ended');
  }
}

/** What lanes have counted is in the scan already. */
function tallyOf({ scan, lanes }: ClaimedScan): ScanTally {
  const tally = new ScanTally();
  if (lanes === null) return tally;
  tally.countResources(scan.resources, scan.tags);
  tally.countProgress(scan.progress.done, scan.progress.total);
  return tally;
}

function outcome(
  status: ScanOutcome['status'],
  tally: ScanTally,
  loaded: LoadedPolicy | null,
  counts: FindingCounts,
): ScanOutcome {
  return {
    status,
    progress: tally.progress,
    rulePacks: loaded?.rulePacks ?? [],
    counts,
    notEvaluated: tally.notEvaluated,
    errors: tally.errors,
  };
}
