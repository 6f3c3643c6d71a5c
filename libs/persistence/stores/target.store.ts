import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Capability } from '#core';
import type { NewTarget, TargetChange, TargetRecord, TargetStore } from '#application';
import { toJson } from '../connection/clean-text.js';
import { refuseTakenName, requireReference } from '../connection/constraint-errors.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { targetRecord } from '../rows/target.row.js';
import { allowLongStatements } from '../connection/statement-limits.js';
import { refreshScore } from './refresh-score.js';

export class PostgresTargetStore implements TargetStore {
  constructor(private readonly db: Db) {}

  async insert(target: NewTarget): Promise<TargetRecord> {
    const row = this.db
      .insertInto('tagward.target')
      .values({
        id: uuidv7(),
        name: target.name,
        platform: target.platform,
        location: target.location,
        config: toJson(target.config),
        credential_id: target.credentialId,
        rule_packs: copied(target.rulePacks),
        mode: target.mode,
        labels: toJson(target.labels),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return targetRecord(await this.checked(target.name, target.credentialId, row));
  }

  async find(id: string): Promise<TargetRecord | null> {
    const row = await this.db
      .selectFrom('tagward.target')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : targetRecord(row);
  }

  async update(id: string, change: TargetChange): Promise<TargetRecord | null> {
    const { name, location, config, credentialId, rulePacks, mode, labels } = change;
    const values = {
      ...(name === undefined ? {} : { name }),
      ...(location === undefined ? {} : { location }),
      ...(config === undefined ? {} : { config: toJson(config) }),
      ...(credentialId === undefined ? {} : { credential_id: credentialId }),
      ...(rulePacks === undefined ? {} : { rule_packs: copied(rulePacks) }),
      ...(mode === undefined ? {} : { mode }),
      ...(labels === undefined ? {} : { labels: toJson(labels) }),
    };
    if (Object.keys(values).length === 0) return this.find(id);
    const write = this.db
      .updateTable('tagward.target')
      .set(values)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    const row = await this.checked(name ?? '', credentialId ?? null, write);
    return row === undefined ? null : targetRecord(row);
  }

  async remove(id: string): Promise<boolean> {
    return inTransaction(this.db, async (db) => {
      await allowLongStatements(db);
      // Waits for the batch of a scan that is being written; the next one finds its scan gone and stops.
      await db.deleteFrom('tagward.scan').where('target_id', '=', id).execute();
      await sql`
        with parts as (select p.id from tagward.read_part p where p.target_id = ${id}),
          tags as (delete from tagward.tag t where t.part_id in (select p.id from parts p)),
          resources as (delete from tagward.resource r where r.part_id in (select p.id from parts p))
        delete from tagward.finding f where f.target_id = ${id}
      `.execute(db);
      const removed = await db.deleteFrom('tagward.target').where('id', '=', id).executeTakeFirst();
      return removed.numDeletedRows > 0n;
    });
  }

  async setCapabilities(id: string, capabilities: readonly Capability[]): Promise<void> {
    await this.db
      .updateTable('tagward.target')
      .set({ capabilities: toJson(capabilities) })
      .where('id', '=', id)
      .execute();
  }

  async refreshScore(id: string, at: Date): Promise<void> {
    await inTransaction(this.db, (db) => refreshScore(db, id, at));
  }

  private checked<T>(name: string, credentialId: string | null, write: Promise<T>): Promise<T> {
    const named = refuseTakenName('target', name, 'target_name_key', write);
    return requireReference('credential', credentialId, 'target_credential_fkey', named);
  }
}

function copied(list: readonly string[] | null): string[] | null {
  return list === null ? null : [...list];
}
