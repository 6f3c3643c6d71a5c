import { HygieneError, type Connector, type Logger } from '#core';
import type { ClaimedScope, LaneWork } from '../ports/scan-scopes.js';
import type { Database } from '../ports/stores.js';
import type { TargetRecord } from '../records/target.js';
import type { LoadedPolicy } from './load-policy.js';
import { ScanGuard } from './scan-guard.js';
import { MAX_ATTEMPTS } from './scan-limits.js';
import { ScanTally } from './scan-tally.js';
import { TargetReader } from './target-reader.js';

/** What a lane opens once for all scopes that it reads. */
export interface OpenLane {
  readonly work: LaneWork;
  readonly target: TargetRecord;
  readonly loaded: LoadedPolicy;
  readonly connector: Connector;
  /** The scan's start. */
  readonly at: Date;
}

export interface ScopeEnd {
  /** The last scope of the scan. */
  readonly last: boolean;
  /** What ended the reading before anything was read; null otherwise. */
  readonly fault: HygieneError | null;
}

/** Reads one scope that a lane holds, and says so in the database. */
export class ScopeReader {
  constructor(private readonly deps: { readonly database: Database; readonly logger: Logger }) {}

  /** @throws faults of the database, so that the lane's job is tried again; the scope waits again, too */
  async read(lane: OpenLane, claimed: ClaimedScope, drain: AbortSignal): Promise<ScopeEnd> {
    try {
      return await this.readHeld(lane, claimed, drain);
    } catch (error) {
      await this.letGo(claimed);
      throw error;
    }
  }

  private async readHeld(lane: OpenLane, claimed: ClaimedScope, drain: AbortSignal): Promise<ScopeEnd> {
    const { database, logger } = this.deps;
    const { scanScopes } = database.stores;
    const tally = new ScanTally();
    const renew = async () => ({ owned: await scanScopes.heartbeat(claimed), cancelRequested: false });
    const guard = new ScanGuard(claimed.scanId, renew, { signals: database.signals, logger });
    guard.start(drain);
    let fault: unknown = null;
    try {
      await guard.unlessLost(this.fill(lane, claimed, tally, guard.signal));
    } catch (error) {
      fault = error;
    } finally {
      await guard.end();
    }
    const nothing = { last: false, fault: null };
    if (guard.stopped === 'draining') await scanScopes.giveBack(claimed, false, MAX_ATTEMPTS);
    if (guard.stopped !== null) return nothing;
    if (fault !== null) this.note(fault, claimed, tally);
    const { resources, tags } = tally.progress;
    const end = await scanScopes.complete(claimed, { resources, tags, ...tally.faults });
    if (end === 'LOST') return nothing;
    const inVain = resources === 0 && tally.faults.unitsRead === 0;
    return { last: end === 'LAST', fault: inVain && fault instanceof HygieneError ? fault : null };
  }

  private async fill(
    { work, target, loaded, connector, at }: OpenLane,
    claimed: ClaimedScope,
    tally: ScanTally,
    signal: AbortSignal,
  ): Promise<void> {
    const session = await this.deps.database.openScanSession({
      scanId: work.scan.id,
      targetId: target.id,
      at,
      rules: loaded.rules,
      resources: null,
      ownerTag: loaded.ownerTag,
      ownerOf: loaded.ownerOf,
      lane: claimed,
    });
    const reader = new TargetReader({ target, policy: loaded.policy, session, tally, at });
    await reader.read(connector, { resources: null, scopes: [claimed.scope] }, signal);
    signal.throwIfAborted();
  }

  /** @throws faults of the database */
  private note(fault: unknown, { scanId, scope }: ClaimedScope, tally: ScanTally): void {
    if (fault instanceof HygieneError && fault.code === 'DEPENDENCY_DOWN') throw fault;
    if (!(fault instanceof HygieneError) || fault.category === 'invariant') {
      this.deps.logger.error({ err: fault, scanId, scope }, 'a lane of a scan met an unexpected fault');
    }
    tally.addFault(fault, scope);
  }

  private async letGo(claimed: ClaimedScope): Promise<void> {
    const { database, logger } = this.deps;
    try {
      await database.stores.scanScopes.giveBack(claimed, true, MAX_ATTEMPTS);
    } catch (error) {
      // The database is away: the scope waits again when it was silent for long enough.
      logger.warn({ err: error, scanId: claimed.scanId }, 'a lane could not give its scope back');
    }
  }
}
