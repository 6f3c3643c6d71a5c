import { sql } from 'kysely';
import { type Db, inTransaction } from '../connection/transactions.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import { identity } from './identity.js';
import { inBatch, type SessionContext } from './session-context.js';
import { markMissingWhere, noteRead, resolveFindings } from './unit-completion.js';

const PARTS_A_BATCH = 500;

interface OtherPart {
  readonly id: number;
  /** An earlier scan missed it, too. */
  readonly suspected: boolean;
}

/** Parts of scopes that were not told of, as far as something of them is still there. */
export async function otherParts(
  { db, targetId, scanNumber, ruleSet }: SessionContext,
  told: ReadonlySet<string>,
): Promise<readonly OtherPart[]> {
  const { rows } = await sql<OtherPart>`
    select p.id, coalesce(p.suspected_scan <> ${scanNumber}, false) as suspected
    from tagward.read_part p
    where p.target_id = ${targetId}
      and not exists (select from unnest(${[...told].map(identity)}::text[]) as w(scope) where w.scope = p.scope)
      and (
        exists (select from tagward.resource r where r.part_id = p.id and r.missing_since is null)
        or exists (
          select from tagward.finding f
          where f.part_id = p.id and f.state <> 'RESOLVED'
            and f.rule_pack || '/' || f.rule_id = any(${[...ruleSet.rules]}::text[])
        )
      )
  `.execute(db);
  return rows;
}

/** See `ScanSession.countOtherScopes`. */
export async function countAround(
  { db, targetId, at }: SessionContext,
  others: readonly OtherPart[],
): Promise<{ before: number; seen: number }> {
  const gone = others.map(({ id }) => id);
  const missedBefore = others.filter(({ suspected }) => suspected).map(({ id }) => id);
  return inTransaction(db, async (transaction) => {
    await allowLongStatements(transaction);
    const { rows } = await sql<{ before: number; seen: number }>`
      select
        count(*) filter (where t.missing_since is null and t.part_id <> all(${gone}::int[])) as seen,
        count(*) filter (
          where t.first_seen_at < ${at} and t.returned_at is distinct from ${at}
            and (t.missing_since is null or t.missing_since >= ${at})
            and t.part_id <> all(${missedBefore}::int[])
        ) as before
      from tagward.tag t
      where t.part_id = any(array(select p.id from tagward.read_part p where p.target_id = ${targetId}))
    `.execute(transaction);
    return rows[0] ?? { before: 0, seen: 0 };
  });
}

export async function suspectParts(context: SessionContext, ids: readonly number[]): Promise<void> {
  await inBatch(context, async (db) => {
    await sql`
      update tagward.read_part p set suspected_scan = ${context.scanNumber} where p.id = any(${[...ids]}::int[])
    `.execute(db);
  });
}

/** Everything of these parts is gone, and what the run rules found there is resolved. */
export async function settleGoneParts(context: SessionContext, ids: readonly number[]): Promise<void> {
  for (let start = 0; start < ids.length; start += PARTS_A_BATCH) {
    await inBatch(context, (db) => settleBatch(db, context, ids.slice(start, start + PARTS_A_BATCH)));
  }
}

async function settleBatch(db: Db, context: SessionContext, ids: readonly number[]): Promise<void> {
  const { at, ruleSet } = context;
  const present = sql`x.part_id = any(${[...ids]}::int[]) and x.missing_since is null`;
  await markMissingWhere(db, 'tag', present, at);
  await markMissingWhere(db, 'resource', present, at);
  const judged = sql<boolean>`f.part_id = any(${[...ids]}::int[])
    and f.rule_pack || '/' || f.rule_id = any(${[...ruleSet.rules]}::text[])`;
  await resolveFindings(db, context, judged);
  await noteRead(db, context, ids);
}
