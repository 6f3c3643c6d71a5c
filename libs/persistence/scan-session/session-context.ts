import { sql } from 'kysely';
import { HygieneError, type OwnerOf } from '#core';
import type { ScopeHold } from '#application';
import { type Db, inTransaction } from '../connection/transactions.js';

/** What all writers of one session share. */
export interface SessionContext {
  readonly db: Db;
  readonly scanId: string;
  /** The scan's number: who opened, who resolved. */
  readonly scanNumber: number;
  readonly fence: number;
  readonly targetId: string;
  readonly at: Date;
  readonly ruleSet: RuleSet;
  /** Resources the scan is limited to, as stored; null: whole units. */
  readonly resources: readonly string[] | null;
  readonly ownerTag: string | null;
  readonly ownerOf: OwnerOf | null;
  /** The scope that the session writes for a lane; null: it writes for the scan's owner. */
  readonly lane: ScopeHold | null;
}

export interface RuleSet {
  readonly id: number;
  /** `pack/rule`, sorted. */
  readonly rules: readonly string[];
}

const BATCH_TIMEOUT_MS = 600_000;

/**
 * A transaction of the session. Holds the scan's row (that of a lane its scope's, too), so that nothing is written for what was taken over, ended
 * or removed. Its commit does not wait for the disk: what a crash takes is read again, and the end, which does wait, comes after it in the log.
 *
 * @throws HygieneError WORKER_LOST when the scan is not this session's any more
 */
export async function inBatch<T>(context: SessionContext, work: (db: Db) => Promise<T>): Promise<T> {
  const { lane } = context;
  const scope =
    lane === null
      ? sql``
      : sql`join tagward.scan_scope s on s.scan_id = c.id
        and s.ordinal = ${lane.ordinal} and s.fence = ${lane.fence} and s.state = 'RUNNING'`;
  return inTransaction(context.db, async (db) => {
    // The planner must probe indexes row by row: its figures of a table that is being filled are too old to choose by.
    const { rows } = await sql`
      select set_config('statement_timeout', ${String(BATCH_TIMEOUT_MS)}, true),
        set_config('synchronous_commit', 'off', true),
        set_config('enable_seqscan', 'off', true),
        set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true)
      from tagward.scan c ${scope}
      where c.id = ${context.scanId} and c.fence = ${context.fence} and c.status = 'RUNNING'
      for key share
    `.execute(db);
    if (rows.length === 0) throw taken(context.scanId);
    return work(db);
  });
}

export function taken(scanId: string): HygieneError {
  return new HygieneError(
    'WORKER_LOST',
    `The scan ${scanId} is not run by this worker any more: it was taken over, was ended, or its target was removed.`,
  );
}
