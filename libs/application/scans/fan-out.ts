import type { Logger, ScopedConnector } from '#core';
import type { LaneQueue } from '../ports/services.js';
import type { Database } from '../ports/stores.js';
import type { RulePackRef } from '../records/rule-pack.js';
import { enqueueOrLeave } from './enqueue-or-leave.js';
import { LANES } from './scan-limits.js';
import { ScanTally } from './scan-tally.js';

export interface FanOutRequest {
  readonly scanId: string;
  readonly owner: string;
  readonly rulePacks: readonly RulePackRef[];
  readonly signal: AbortSignal;
}

/** Lists the scopes of a target and hands its scan to lanes, when there is more than one. */
export class FanOut {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly laneQueue: LaneQueue;
      readonly logger: Logger;
    },
  ) {}

  /**
   * Starts the list anew, whatever an earlier start left.
   * @returns false: there is nothing to share out, the owner reads the target
   */
  async execute(connector: ScopedConnector, request: FanOutRequest): Promise<boolean> {
    const { database, laneQueue, logger } = this.deps;
    const { scanId, owner, rulePacks, signal } = request;
    const { scanScopes } = database.stores;
    const tally = new ScanTally();
    await scanScopes.clear(scanId, owner);
    for await (const event of connector.listScopes(signal)) {
      signal.throwIfAborted();
      if (event.type === 'error') tally.addError(event.error);
      else await scanScopes.add(scanId, owner, event.scopes);
    }
    signal.throwIfAborted();
    const { errors } = tally;
    const scopes = await scanScopes.handOver(scanId, owner, {
      rulePacks,
      whole: errors.length === 0,
      errors,
    });
    await enqueueOrLeave(logger, { scanId }, async () => {
      for (let lane = 0; lane < Math.min(LANES, scopes); lane++) await laneQueue.enqueue({ scanId, lane });
    });
    return scopes > 0;
  }
}
