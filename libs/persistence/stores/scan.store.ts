import { type RawBuilder, type Selectable, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type {
  ClaimedScan,
  ScanOutcome,
  ScanProgress,
  ScanRecord,
  ScanRequest,
  ScanStore,
} from '#application';
import { toJson } from '../connection/clean-text.js';
import { requireReference } from '../connection/constraint-errors.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { NO_COUNTS, scanRecord } from '../rows/scan.row.js';
import type { ScanTable } from '../schema.js';
import { dropScopes } from '../scan-scopes/drop-scopes.js';
import { lastScans } from './last-scans.js';

/** A queued scan that was asked for more single resources than this reads the whole target. */
const MAX_SCOPES = 10_000;

/** Leases are judged by the database's clock alone: workers need not agree on the time. */
export class PostgresScanStore implements ScanStore {
  constructor(private readonly db: Db) {}

  async enqueue(request: ScanRequest): Promise<{ scan: ScanRecord; created: boolean }> {
    const [queued] = await this.enqueueAll([request]);
    return queued as NonNullable<typeof queued>;
  }

  /** Rule packs widen as scopes do: null (the target's packs) wins, else both lists' packs run, each in the version asked for last. */
  async enqueueAll(
    requests: readonly ScanRequest[],
  ): Promise<readonly { readonly scan: ScanRecord; readonly created: boolean }[]> {
    if (requests.length === 0) return [];
    const inOrder = requests.toSorted((a, b) => (a.targetId < b.targetId ? -1 : 1));
    const rows = inOrder.map(({ targetId, trigger, rulePacks, scopes }) => ({
      id: uuidv7(),
      target_id: targetId,
      status: 'QUEUED' as const,
      trigger,
      requested_packs: rulePacks === null ? null : toJson(rulePacks),
      rule_packs: toJson(rulePacks ?? []),
      scopes: scopes === null ? null : [...new Set(scopes)],
      counts: toJson(NO_COUNTS),
    }));
    const write = this.db
      .insertInto('tagward.scan')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('target_id')
          .where('status', '=', 'QUEUED')
          .doUpdateSet({
            scopes: mergedScopes(),
            requested_packs: mergedPacks(),
            rule_packs: sql`coalesce(${mergedPacks()}, '[]')`,
          }),
      )
      .returningAll()
      .execute();
    const named = inOrder.map(({ targetId }) => targetId).join(', ');
    const written = await requireReference('target', named, 'scan_target_fkey', write);
    const made = new Set(rows.map(({ id }) => id));
    const byTarget = new Map(written.map((row) => [row.target_id, row]));
    return requests.map(({ targetId }) => {
      const row = byTarget.get(targetId);
      if (row === undefined) throw new TypeError('a scan that was asked for is neither new nor there');
      return { scan: scanRecord(row), created: made.has(row.id) };
    });
  }

  async find(id: string): Promise<ScanRecord | null> {
    const row = await this.db.selectFrom('tagward.scan').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : scanRecord(row);
  }

  async claim(targetId: string, owner: string): Promise<ClaimedScan | null> {
    return inTransaction(this.db, async (db) => {
      // Claims of one target come one after the other; a request that is being added does not wait for them.
      await db
        .selectFrom('tagward.target')
        .select('id')
        .where('id', '=', targetId)
        .forNoKeyUpdate()
        .execute();
      const waiting = await db
        .selectFrom('tagward.scan')
        .select(['id', 'status', 'owner', unread.as('unread')])
        .where('target_id', '=', targetId)
        .where('status', 'in', ['RUNNING', 'QUEUED'])
        .orderBy('number')
        .execute();
      const next = waiting.find(({ status }) => status === 'RUNNING') ?? waiting[0];
      if (next === undefined || next.owner !== null || next.unread) return null;
      // Waits for the last batch of a lost owner. Not sooner: the batches of lanes that still read would hold it up without end.
      await db.selectFrom('tagward.scan').select('id').where('id', '=', next.id).forUpdate().execute();
      const row = await db
        .updateTable('tagward.scan')
        .set({
          status: 'RUNNING',
          owner,
          attempt: sql`attempt + 1`,
          fence: sql`fence + 1`,
          started_at: sql`coalesce(started_at, now())`,
          heartbeat_at: sql`clock_timestamp()`,
        })
        .where('id', '=', next.id)
        .where('status', '=', next.status)
        .where('owner', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : claimedScan(row);
    });
  }

  async heartbeat(
    scanId: string,
    owner: string,
    progress: ScanProgress,
  ): Promise<{ owned: boolean; cancelRequested: boolean }> {
    const row = await this.db
      .updateTable('tagward.scan')
      .set({ ...progressColumns(progress), heartbeat_at: sql`clock_timestamp()` })
      .where('id', '=', scanId)
      .where('owner', '=', owner)
      .where('status', '=', 'RUNNING')
      .returning('cancel_requested')
      .executeTakeFirst();
    return { owned: row !== undefined, cancelRequested: row?.cancel_requested ?? false };
  }

  async finish(scanId: string, owner: string, outcome: ScanOutcome): Promise<ScanRecord | null> {
    const row = await this.db
      .updateTable('tagward.scan')
      .set({
        ...progressColumns(outcome.progress),
        status: outcome.status,
        rule_packs: toJson(outcome.rulePacks),
        counts: toJson(outcome.counts),
        not_evaluated: toJson(outcome.notEvaluated),
        errors: toJson(outcome.errors),
        finished_at: sql`now()`,
        owner: null,
        fence: sql`fence + 1`,
      })
      .where('id', '=', scanId)
      .where('owner', '=', owner)
      .where('status', '=', 'RUNNING')
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return null;
    await dropScopes(this.db, sql<boolean>`s.scan_id = ${scanId}`);
    return scanRecord(row);
  }

  async release(scanId: string, owner: string): Promise<void> {
    await this.db
      .updateTable('tagward.scan')
      .set({ owner: null, attempt: sql`greatest(attempt - 1, 0)`, fence: sql`fence + 1` })
      .where('id', '=', scanId)
      .where('owner', '=', owner)
      .where('status', '=', 'RUNNING')
      .execute();
  }

  async requestCancel(id: string): Promise<ScanRecord | null> {
    await this.cancel(sql<boolean>`id = ${id}`);
    return this.find(id);
  }

  async requestCancelOf(targetId: string): Promise<void> {
    await this.cancel(sql<boolean>`target_id = ${targetId}`);
  }

  async failLost(staleAfterMs: number, maxAttempts: number): Promise<readonly ScanRecord[]> {
    const rows = await this.db
      .updateTable('tagward.scan')
      .set({
        owner: null,
        fence: sql`fence + 1`,
        status: 'FAILED',
        errors: sql`errors || ${toJson([workerLost(maxAttempts)])}::jsonb`,
        finished_at: sql`now()`,
      })
      .where(silent(staleAfterMs))
      .where('cancel_requested', '=', false)
      .where('attempt', '>=', maxAttempts)
      .returningAll()
      .execute();
    return rows.map(scanRecord);
  }

  async recover(staleAfterMs: number, maxAttempts: number): Promise<readonly string[]> {
    await this.db
      .updateTable('tagward.scan')
      .set({
        owner: null,
        fence: sql`fence + 1`,
        status: sql`case when cancel_requested then 'CANCELLED' else status end`,
        finished_at: sql`case when cancel_requested then now() end`,
      })
      .where(silent(staleAfterMs))
      .where(sql<boolean>`(cancel_requested or attempt < ${maxAttempts}::int)`)
      .execute();
    const waiting = await this.db
      .selectFrom('tagward.scan')
      .select('target_id')
      .distinct()
      .where('status', 'in', ['QUEUED', 'RUNNING'])
      .where('owner', 'is', null)
      .where(sql<boolean>`not ${unread}`)
      .execute();
    return waiting.map((row) => row.target_id);
  }

  async lastOf(targetIds: readonly string[]): Promise<ReadonlyMap<string, ScanRecord>> {
    return lastScans(this.db, targetIds);
  }

  private async cancel(which: RawBuilder<boolean>): Promise<void> {
    // A running scan that nobody owns has no one to stop it: it ends here. Its lanes notice that it is not theirs any more.
    const atOnce = sql<boolean>`(status = 'QUEUED' or (status = 'RUNNING' and owner is null))`;
    const rows = await this.db
      .updateTable('tagward.scan')
      .set({
        status: sql`case when ${atOnce} then 'CANCELLED' else status end`,
        finished_at: sql`case when ${atOnce} then now() end`,
        cancel_requested: true,
      })
      .where(which)
      .where('status', 'in', ['QUEUED', 'RUNNING'])
      .returning(['id', 'status'])
      .execute();
    for (const { id, status } of rows)
      if (status === 'CANCELLED') await dropScopes(this.db, sql<boolean>`s.scan_id = ${id}`);
  }

  async trim(before: Date): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from tagward.scan c
      where c.finished_at < ${before}
        and exists (select from tagward.scan l where l.target_id = c.target_id and l.number > c.number)
        and (c.status not in ('SUCCEEDED', 'PARTIAL') or exists (
          select from tagward.scan l
          where l.target_id = c.target_id and l.number > c.number and l.status in ('SUCCEEDED', 'PARTIAL')
        ))
    `.execute(this.db);
    return Number(numAffectedRows ?? 0);
  }
}

/** Does a scan have scopes that its lanes have not read yet? */
const unread = sql<boolean>`(scan.scopes_total is not null and exists (
  select from tagward.scan_scope s where s.scan_id = scan.id and s.state <> 'DONE'
))`;

/** Does a scan run whose owner gave no sign for so long? */
function silent(staleAfterMs: number): RawBuilder<boolean> {
  return sql<boolean>`status = 'RUNNING' and owner is not null
    and heartbeat_at <= clock_timestamp() - make_interval(secs => ${staleAfterMs / 1_000}::double precision)`;
}

function claimedScan(row: Selectable<ScanTable>): ClaimedScan {
  return {
    scan: scanRecord(row),
    requestedPacks: row.requested_packs,
    attempt: row.attempt,
    lanes: row.scopes_total === null ? null : { listedWhole: row.scopes_listed_whole },
  };
}

function progressColumns({ done, total, resources, tags }: ScanProgress) {
  return { progress_done: done, progress_total: total, resources, tags };
}

function mergedScopes(): RawBuilder<string[] | null> {
  const both = sql`array(select distinct s from unnest(scan.scopes || excluded.scopes) as s order by s)`;
  return sql`case
    when scan.scopes is null or excluded.scopes is null then null
    when cardinality(${both}) > ${sql.lit(MAX_SCOPES)} then null
    else ${both}
  end`;
}

function mergedPacks(): RawBuilder<string | null> {
  return sql`case when scan.requested_packs is not null and excluded.requested_packs is not null then (
    select jsonb_agg(p.pack order by p.pack ->> 'name') from (
      select distinct on (a.pack ->> 'name') a.pack
      from (
        select pack, 2 as asked from jsonb_array_elements(excluded.requested_packs) as pack
        union all
        select pack, 1 as asked from jsonb_array_elements(scan.requested_packs) as pack
      ) as a
      order by a.pack ->> 'name', a.asked desc
    ) as p
  ) end`;
}

function workerLost(attempts: number) {
  return {
    code: 'WORKER_LOST',
    message: `The scan was started ${attempts} times and its worker was lost each time; look for a crash in the workers' logs, then scan again.`,
    scope: null,
    retryable: true,
  };
}
