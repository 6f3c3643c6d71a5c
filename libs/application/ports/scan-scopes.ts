import type { NotEvaluated, ScanError } from '#core';
import type { RulePackRef } from '../records/rule-pack.js';
import type { ScanRecord } from '../records/scan.js';

/**
 * The scopes of scans that are read by lanes: the truth of who reads what. First the scan's owner lists them, then lanes take one
 * after the other, and after the last the scan waits for an owner again, who sums up. They are forgotten when the scan ends.
 */
export interface ScanScopeStore {
  /** Forgets what an earlier start of the scan listed. @throws HygieneError WORKER_LOST when the scan is not `owner`'s */
  clear(scanId: string, owner: string): Promise<void>;
  /** Adds to the list; a scope that is on it stays where it is. @throws HygieneError WORKER_LOST when the scan is not `owner`'s */
  add(scanId: string, owner: string, scopes: readonly string[]): Promise<void>;
  /**
   * Hands a scan of more than one scope to its lanes: it has no owner from now on. With fewer the list is forgotten and the owner keeps
   * the scan. Returns the number of scopes handed over; a scan that was to be cancelled ends instead.
   * @throws HygieneError WORKER_LOST when the scan is not `owner`'s
   */
  handOver(scanId: string, owner: string, listing: ScopeListing): Promise<number>;

  /** null when no scope of the scan waits for a lane. */
  waiting(scanId: string): Promise<LaneWork | null>;
  /** Takes the next scope that waits; the attempt counts one up. */
  claim(scanId: string): Promise<ClaimedScope | null>;
  /** false when another took the scope over, or the scan was ended. */
  heartbeat(hold: ScopeHold): Promise<boolean>;
  /** Adds to the scan's progress. LOST when the scope is not held any more: nothing changed. LAST when the scan has no other left. */
  complete(hold: ScopeHold, result: ScopeResult): Promise<'DONE' | 'LAST' | 'LOST'>;
  /** The scope waits again, or is done with the error WORKER_LOST when it was taken `maxAttempts` times. `counted`: this time counts. */
  giveBack(hold: ScopeHold, counted: boolean, maxAttempts: number): Promise<void>;
  /** Scopes that wait are not read; the error becomes the scan's when there are any. true when the scan has no scope left to read. */
  skipRest(scanId: string, error: ScanError): Promise<boolean>;

  /** Of every scope of the scan, in the order of the list, in bounded memory. */
  results(scanId: string): AsyncIterable<ScopeFaults & { readonly scope: string }>;
  /**
   * Scopes whose lane gave no sign for `staleAfterMs` are given back, which counts; what ended scans left behind is removed. Returns the
   * scans that have scopes waiting, and therefore need their lanes.
   */
  recover(staleAfterMs: number, maxAttempts: number): Promise<readonly string[]>;
}

/** How the scopes were listed. */
export interface ScopeListing {
  /** The versions that run: all lanes judge by the same. */
  readonly rulePacks: readonly RulePackRef[];
  /** The target has these scopes and no others. */
  readonly whole: boolean;
  readonly errors: readonly ScanError[];
}

export interface LaneWork {
  readonly scan: ScanRecord;
  /** null: the target's packs, or all. */
  readonly requestedPacks: readonly RulePackRef[] | null;
}

/** One scope in the hands of one lane; the fence is another each time it is taken. */
export interface ScopeHold {
  readonly scanId: string;
  readonly ordinal: number;
  readonly fence: number;
}
export interface ClaimedScope extends ScopeHold {
  readonly scope: string;
}

/** What the reading of one scope came to, beside what it wrote. */
export interface ScopeFaults {
  readonly unitsRead: number;
  readonly errors: readonly ScanError[];
  /** Errors that are not listed. */
  readonly errorsBeyond: number;
  readonly notEvaluated: readonly NotEvaluated[];
}

/** `resources` and `tags` are added to the scan's at once. */
export interface ScopeResult extends ScopeFaults {
  readonly resources: number;
  readonly tags: number;
}
