import { HygieneError, type ErrorCode, type Logger, type ScanError } from '#core';
import type { LaneWork } from '../ports/scan-scopes.js';
import type { Clock, LaneQueue, LaneRef, ScanQueue } from '../ports/services.js';
import type { Database } from '../ports/stores.js';
import type { OpenTarget } from '../targets/open-target.js';
import { enqueueOrLeave } from './enqueue-or-leave.js';
import type { LoadPolicy } from './load-policy.js';
import { ScanTally } from './scan-tally.js';
import { type OpenLane, ScopeReader } from './scope-reader.js';

/** After this time a lane goes to the end of the queue, so that the lanes of other scans have their turn. */
const SLICE_MS = 3_000;
/** Faults of the whole target: met this often in a row with nothing read, the rest of its scopes is not tried. */
const HOPELESS: Partial<Record<ErrorCode, number>> = {
  REMOTE_AUTH_FAILED: 2,
  ADDRESS_REFUSED: 2,
  CREDENTIAL_INVALID: 2,
  REMOTE_UNREACHABLE: 5,
  REMOTE_TIMEOUT: 5,
  REMOTE_THROTTLED: 5,
};

export interface ScanLaneDependencies {
  readonly database: Database;
  readonly openTarget: OpenTarget;
  readonly loadPolicy: LoadPolicy;
  readonly scanQueue: ScanQueue;
  readonly laneQueue: LaneQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One of the lanes in which the scopes of a scan are read: takes one scope after the other for a while, then stands in line again. As with
 * `ScanTarget` a job only says "look".
 */
export class ScanLane {
  private readonly reader: ScopeReader;

  constructor(
    private readonly deps: ScanLaneDependencies,
    private readonly sliceMs = SLICE_MS,
  ) {
    this.reader = new ScopeReader(deps);
  }

  /** @param drain aborts when this process has to stop; the scope in hand waits for another lane */
  async execute(lane: LaneRef, drain: AbortSignal): Promise<void> {
    const { scanId } = lane;
    const { database, laneQueue, logger } = this.deps;
    const work = await database.stores.scanScopes.waiting(scanId);
    if (work === null) return;
    const open = await this.open(work);
    if (open === null) return;
    let more: boolean;
    try {
      more = await this.readOn(open, drain);
    } finally {
      await open.connector.close();
    }
    if (more) await enqueueOrLeave(logger, { scanId }, () => laneQueue.enqueue(lane));
  }

  /** null: the target cannot be opened, which ended the scan's reading. */
  private async open(work: LaneWork): Promise<OpenLane | null> {
    const { database, openTarget, loadPolicy, clock, logger } = this.deps;
    const { scan, requestedPacks } = work;
    try {
      const target = await database.stores.targets.find(scan.targetId);
      // Its scan is gone with it.
      if (target === null) return null;
      const loaded = await loadPolicy.execute(target, requestedPacks, scan.rulePacks);
      const connector = await openTarget.execute(target);
      return { work, target, loaded, connector, at: scan.startedAt ?? clock.now() };
    } catch (error) {
      if (error instanceof HygieneError && error.code === 'DEPENDENCY_DOWN') throw error;
      if (!(error instanceof HygieneError))
        logger.error({ err: error, scanId: scan.id }, 'a lane of a scan met an unexpected fault');
      await this.skipRest(work, error);
      return null;
    }
  }

  /** true when scopes are left that this lane may read later. */
  private async readOn(open: OpenLane, drain: AbortSignal): Promise<boolean> {
    const { scanScopes } = this.deps.database.stores;
    const { scan } = open.work;
    const until = performance.now() + this.sliceMs;
    let inVain: HygieneError[] = [];
    for (let turn = 0; !drain.aborted; turn++) {
      // A row of faults is looked at to its end: it would begin anew in the next turn.
      if (turn > 0 && inVain.length === 0 && performance.now() > until) break;
      const claimed = await scanScopes.claim(scan.id);
      if (claimed === null) return false;
      const { last, fault } = await this.reader.read(open, claimed, drain);
      if (last) await this.wakeOwner(open.work);
      const before = inVain.filter(({ code }) => code === fault?.code);
      inVain = fault === null || HOPELESS[fault.code] === undefined ? [] : [...before, fault];
      if (fault !== null && inVain.length >= (HOPELESS[fault.code] ?? Infinity)) {
        await this.skipRest(open.work, fault);
        return false;
      }
    }
    return (await scanScopes.waiting(scan.id)) !== null;
  }

  private async skipRest(work: LaneWork, fault: unknown): Promise<void> {
    const tally = new ScanTally();
    tally.addFault(fault);
    const [error] = tally.errors;
    if (error === undefined) return;
    if (await this.deps.database.stores.scanScopes.skipRest(work.scan.id, ofTheRest(error)))
      await this.wakeOwner(work);
  }

  private async wakeOwner({ scan }: LaneWork): Promise<void> {
    const { scanQueue, logger } = this.deps;
    await enqueueOrLeave(logger, { scanId: scan.id }, () => scanQueue.enqueue(scan.targetId));
  }
}

function ofTheRest(error: ScanError): ScanError {
  return {
    ...error,
    message: `${error.message} It concerns the whole target, so that the rest of its parts was not tried.`,
  };
}
