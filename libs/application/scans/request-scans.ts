import type { ScanRecord, ScanTrigger } from '../records/scan.js';
import type { RulePackRef } from '../records/rule-pack.js';
import type { ScanRequest, Stores } from '../ports/stores.js';
import type { UseCaseDependencies } from '../use-case-context.js';
import { enqueueOrLeave } from './enqueue-or-leave.js';

/** A scan that somebody or something asks for. */
export interface ScanWish {
  readonly targetId: string;
  readonly trigger: ScanTrigger;
  /** null: the target's packs, or all. */
  readonly rulePacks: readonly RulePackRef[] | null;
  /** Resources to limit it to; null: the whole target. */
  readonly resources: readonly string[] | null;
}

interface RequestedScan {
  readonly scan: ScanRecord;
  /** False: it waited already. */
  readonly created: boolean;
}

/** Every scan begins here, whoever asks: stored in the transaction of its cause, told to the queue once that is committed. */
export class RequestScans {
  constructor(private readonly deps: Pick<UseCaseDependencies, 'scanQueue' | 'logger'>) {}

  /**
   * One scan waits per target at most: a wish for a target with one that waits widens it, so that a burst comes to one running and one
   * waiting scan and no resource is lost.
   */
  async store(stores: Stores, wish: ScanWish): Promise<RequestedScan> {
    return stores.scans.enqueue(requestOf(wish));
  }

  /** Wishes for several targets, each of them once; the scans in their order. */
  async storeAll(stores: Stores, wishes: readonly ScanWish[]): Promise<readonly RequestedScan[]> {
    return stores.scans.enqueueAll(wishes.map(requestOf));
  }

  /** Never throws: what the queue does not take is found by the recovery loop of the workers. */
  async dispatch(scans: readonly ScanRecord[]): Promise<void> {
    const { scanQueue, logger } = this.deps;
    for (const { id, targetId } of scans)
      await enqueueOrLeave(logger, { scanId: id }, () => scanQueue.enqueue(targetId));
  }
}

function requestOf({ resources, ...wish }: ScanWish): ScanRequest {
  return { ...wish, scopes: resources };
}
