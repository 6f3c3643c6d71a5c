import { sql } from 'kysely';
import type { ScanError } from '#core';
import type {
  ClaimedScope,
  LaneWork,
  ScanScopeStore,
  ScopeFaults,
  ScopeHold,
  ScopeListing,
  ScopeResult,
} from '#application';
import { toJson } from '../connection/clean-text.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { scanRecord } from '../rows/scan.row.js';
import { sweepScopes } from '../scan-scopes/drop-scopes.js';
import { countDone, giveBack, holdScans } from '../scan-scopes/give-back.js';
import { addScopes, clearScopes, handOver } from '../scan-scopes/list-scopes.js';

const PAGE = 1_000;

export class PostgresScanScopeStore implements ScanScopeStore {
  constructor(private readonly db: Db) {}

  async clear(scanId: string, owner: string): Promise<void> {
    return clearScopes(this.db, scanId, owner);
  }

  async add(scanId: string, owner: string, scopes: readonly string[]): Promise<void> {
    return addScopes(this.db, scanId, owner, scopes);
  }

  async handOver(scanId: string, owner: string, listing: ScopeListing): Promise<number> {
    return handOver(this.db, scanId, owner, listing);
  }

  async waiting(scanId: string): Promise<LaneWork | null> {
    const row = await this.db
      .selectFrom('tagward.scan as c')
      .selectAll()
      .where('c.id', '=', scanId)
      .where(sql<boolean>`${readByLanes} and ${someWait}`)
      .executeTakeFirst();
    return row === undefined ? null : { scan: scanRecord(row), requestedPacks: row.requested_packs };
  }

  async claim(scanId: string): Promise<ClaimedScope | null> {
    // Waits for nobody: what the last batch of a lost lane still holds is taken later.
    const { rows } = await sql<ClaimedScope>`
      with next as (
        select s.ordinal from tagward.scan_scope s
        where s.scan_id = ${scanId} and s.state = 'WAITING'
          and exists (select from tagward.scan c where c.id = s.scan_id and ${readByLanes})
        order by s.ordinal
        limit 1
        for update skip locked
      )
      update tagward.scan_scope s
      set state = 'RUNNING', fence = s.fence + 1, attempt = s.attempt + 1, heartbeat_at = clock_timestamp()
      from next n
      where s.ordinal = n.ordinal
      returning s.scan_id as "scanId", s.ordinal, s.fence, s.scope
    `.execute(this.db);
    return rows[0] ?? null;
  }

  async heartbeat(hold: ScopeHold): Promise<boolean> {
    const { rows } = await sql`
      update tagward.scan_scope s
      set heartbeat_at = clock_timestamp()
      where ${held(hold)} and exists (select from tagward.scan c where c.id = s.scan_id and ${readByLanes})
      returning s.ordinal
    `.execute(this.db);
    return rows.length > 0;
  }

  async complete(hold: ScopeHold, result: ScopeResult): Promise<'DONE' | 'LAST' | 'LOST'> {
    const { resources, tags } = result;
    return inTransaction(this.db, async (db) => {
      const scans = await holdScans(db, sql<boolean>`c.id = ${hold.scanId}`);
      if (scans.length === 0) return 'LOST';
      const { rows } = await sql`
        update tagward.scan_scope s
        set state = 'DONE', units_read = ${result.unitsRead}, errors = ${toJson(result.errors)}::jsonb,
          errors_beyond = ${result.errorsBeyond}, not_evaluated = ${toJson(result.notEvaluated)}::jsonb
        where ${held(hold)}
        returning s.ordinal
      `.execute(db);
      if (rows.length === 0) return 'LOST';
      return (await countDone(db, hold.scanId, { scopes: 1, resources, tags })) ? 'LAST' : 'DONE';
    });
  }

  async giveBack(hold: ScopeHold, counted: boolean, maxAttempts: number): Promise<void> {
    await inTransaction(this.db, async (db) => {
      const scanIds = await holdScans(db, sql<boolean>`c.id = ${hold.scanId}`);
      await giveBack(db, { which: held(hold), scanIds, counted, maxAttempts });
    });
  }

  async skipRest(scanId: string, error: ScanError): Promise<boolean> {
    return inTransaction(this.db, async (db) => {
      const scans = await holdScans(db, sql<boolean>`c.id = ${scanId}`);
      if (scans.length === 0) return false;
      const { numAffectedRows = 0n } = await sql`
        update tagward.scan_scope s set state = 'DONE' where s.scan_id = ${scanId} and s.state = 'WAITING'
      `.execute(db);
      if (numAffectedRows === 0n) return false;
      await db
        .updateTable('tagward.scan')
        .set({ errors: sql`errors || ${toJson([error])}::jsonb` })
        .where('id', '=', scanId)
        .execute();
      return countDone(db, scanId, { scopes: Number(numAffectedRows), resources: 0, tags: 0 });
    });
  }

  async *results(scanId: string): AsyncIterable<ScopeFaults & { readonly scope: string }> {
    for (let after = 0; ;) {
      const rows = await this.db
        .selectFrom('tagward.scan_scope')
        .selectAll()
        .where('scan_id', '=', scanId)
        .where('ordinal', '>', after)
        .orderBy('ordinal')
        .limit(PAGE)
        .execute();
      for (const row of rows) {
        yield {
          scope: row.scope,
          unitsRead: row.units_read,
          errors: row.errors,
          errorsBeyond: row.errors_beyond,
          notEvaluated: row.not_evaluated,
        };
      }
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.ordinal ?? after;
    }
  }

  async recover(staleAfterMs: number, maxAttempts: number): Promise<readonly string[]> {
    const silent = sql<boolean>`s.heartbeat_at <= clock_timestamp() - make_interval(secs => ${staleAfterMs / 1_000}::double precision)`;
    await inTransaction(this.db, async (db) => {
      const scanIds = await holdScans(
        db,
        sql<boolean>`exists (
          select from tagward.scan_scope s where s.scan_id = c.id and s.state = 'RUNNING' and ${silent}
        )`,
      );
      if (scanIds.length > 0) await giveBack(db, { which: silent, scanIds, counted: true, maxAttempts });
    });
    await sweepScopes(this.db);
    const waiting = await this.db
      .selectFrom('tagward.scan as c')
      .select('c.id')
      .where(sql<boolean>`${readByLanes} and ${someWait}`)
      .orderBy('c.number')
      .execute();
    return waiting.map(({ id }) => id);
  }
}

/** Of a scan `c`. */
const readByLanes = sql<boolean>`c.status = 'RUNNING' and c.owner is null and c.scopes_total is not null`;
const someWait = sql<boolean>`exists (
  select from tagward.scan_scope s where s.scan_id = c.id and s.state = 'WAITING'
)`;

function held({ scanId, ordinal, fence }: ScopeHold) {
  return sql<boolean>`s.ordinal = ${ordinal} and s.scan_id = ${scanId} and s.fence = ${fence} and s.state = 'RUNNING'`;
}
