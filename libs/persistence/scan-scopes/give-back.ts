import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/transactions.js';

/**
 * Holds scans that are read by lanes, in one order: whoever changes scopes holds their scan first, so that no two wait for each other.
 *
 * @returns those of the scans that are
 */
export async function holdScans(db: Db, which: RawBuilder<boolean>): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from tagward.scan c
    where c.status = 'RUNNING' and c.owner is null and c.scopes_total is not null and ${which}
    order by c.id
    for no key update
  `.execute(db);
  return rows.map(({ id }) => id);
}

export interface GivingBack {
  /** Which of the RUNNING scopes `s` of the scans that are held. */
  readonly which: RawBuilder<boolean>;
  readonly scanIds: readonly string[];
  readonly counted: boolean;
  readonly maxAttempts: number;
}

/** The scopes wait again; those that were taken too often are done, with the reason. The scans are held. */
export async function giveBack(db: Db, given: GivingBack): Promise<void> {
  const { which, scanIds, counted, maxAttempts } = given;
  const attempt = counted ? sql`s.attempt` : sql`s.attempt - 1`;
  const message = `This part was taken up ${maxAttempts} times and its worker was lost each time; look for a crash in the workers' logs, then scan again.`;
  const { rows } = await sql<{ scan_id: string; state: string }>`
    update tagward.scan_scope s
    set attempt = ${attempt}, fence = s.fence + 1,
      state = case when ${attempt} >= ${maxAttempts}::int then 'DONE' else 'WAITING' end,
      errors = case when ${attempt} >= ${maxAttempts}::int then jsonb_build_array(jsonb_build_object(
        'code', 'WORKER_LOST', 'message', ${message}::text, 'scope', s.scope, 'retryable', true
      )) else s.errors end
    where s.state = 'RUNNING' and s.scan_id = any(${[...scanIds]}::text[]) and ${which}
    returning s.scan_id, s.state
  `.execute(db);
  const done = new Map<string, number>();
  for (const { scan_id, state } of rows)
    if (state === 'DONE') done.set(scan_id, (done.get(scan_id) ?? 0) + 1);
  for (const [scanId, scopes] of done) await countDone(db, scanId, { scopes, resources: 0, tags: 0 });
}

/** Adds to the progress of a scan that is held; true when none of its scopes is left. */
export async function countDone(
  db: Db,
  scanId: string,
  added: { readonly scopes: number; readonly resources: number; readonly tags: number },
): Promise<boolean> {
  const { rows } = await sql<{ last: boolean }>`
    update tagward.scan c
    set progress_done = c.progress_done + ${added.scopes}::bigint,
      resources = c.resources + ${added.resources}::bigint, tags = c.tags + ${added.tags}::bigint
    where c.id = ${scanId}
    returning c.progress_done >= c.scopes_total as last
  `.execute(db);
  return rows[0]?.last ?? false;
}
