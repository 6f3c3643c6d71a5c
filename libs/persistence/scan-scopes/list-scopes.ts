import { sql } from 'kysely';
import { HygieneError } from '#core';
import type { ScopeListing } from '#application';
import { toJson } from '../connection/clean-text.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import { type Db, inTransaction } from '../connection/transactions.js';

/** The owner's side of a scan's scopes: each call holds the scan's row, so that an owner that was overtaken changes nothing. */
export async function clearScopes(db: Db, scanId: string, owner: string): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await holdAsOwner(transaction, scanId, owner);
    await transaction.deleteFrom('tagward.scan_scope').where('scan_id', '=', scanId).execute();
  });
}

export async function addScopes(
  db: Db,
  scanId: string,
  owner: string,
  scopes: readonly string[],
): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await holdAsOwner(transaction, scanId, owner);
    // The rows' numbers follow the list.
    await sql`
      insert into tagward.scan_scope (scan_id, scope)
      select ${scanId}, l.scope from unnest(${[...scopes]}::text[]) with ordinality as l(scope, place)
      order by l.place
      on conflict do nothing
    `.execute(transaction);
  });
}

export async function handOver(
  db: Db,
  scanId: string,
  owner: string,
  listing: ScopeListing,
): Promise<number> {
  return inTransaction(db, async (transaction) => {
    await allowLongStatements(transaction);
    await holdAsOwner(transaction, scanId, owner);
    const listed = transaction.selectFrom('tagward.scan_scope').where('scan_id', '=', scanId);
    const { total } = await listed
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    if (total < 2) {
      await transaction.deleteFrom('tagward.scan_scope').where('scan_id', '=', scanId).execute();
      return 0;
    }
    await transaction
      .updateTable('tagward.scan')
      .set({
        scopes_total: total,
        scopes_listed_whole: listing.whole,
        rule_packs: toJson(listing.rulePacks),
        errors: toJson(listing.errors),
        progress_done: 0,
        progress_total: total,
        resources: 0,
        tags: 0,
        owner: null,
        fence: sql`fence + 1`,
        // The start that listed came to its end.
        attempt: 0,
        status: sql`case when cancel_requested then 'CANCELLED' else status end`,
        finished_at: sql`case when cancel_requested then now() end`,
      })
      .where('id', '=', scanId)
      .execute();
    return total;
  });
}

async function holdAsOwner(db: Db, scanId: string, owner: string): Promise<void> {
  const row = await db
    .selectFrom('tagward.scan')
    .select('id')
    .where('id', '=', scanId)
    .where('owner', '=', owner)
    .where('status', '=', 'RUNNING')
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row !== undefined) return;
  throw new HygieneError(
    'WORKER_LOST',
    `The scan ${scanId} is not run by this worker any more: it was taken over, was ended, or its target was removed.`,
  );
}
