import { sql } from 'kysely';
import { HygieneError, type CredentialKind } from '#core';
import type { CredentialRecord, CredentialStore } from '#application';
import { refuseTakenName } from '../connection/constraint-errors.js';
import { FOREIGN_KEY_VIOLATION, violatedConstraint } from '../connection/postgres-errors.js';
import { type Db, inTransaction } from '../connection/transactions.js';
import { CREDENTIAL_COLUMNS, credentialRecord } from '../rows/credential.row.js';

const NAMED_TARGETS = 10;

export class PostgresCredentialStore implements CredentialStore {
  constructor(private readonly db: Db) {}

  async insert(credential: {
    id: string;
    name: string;
    kind: CredentialKind;
    sealedSecret: string;
  }): Promise<CredentialRecord> {
    const { id, name, kind, sealedSecret } = credential;
    const write = this.db
      .insertInto('tagward.credential')
      .values({ id, name, kind, sealed_secret: sealedSecret })
      .returning(CREDENTIAL_COLUMNS)
      .executeTakeFirstOrThrow();
    return credentialRecord(await refuseTakenName('credential', name, 'credential_name_key', write));
  }

  async find(id: string): Promise<CredentialRecord | null> {
    const row = await this.db
      .selectFrom('tagward.credential')
      .select(CREDENTIAL_COLUMNS)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : credentialRecord(row);
  }

  async sealedSecret(id: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('tagward.credential')
      .select('sealed_secret')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.sealed_secret ?? null;
  }

  async rotate(id: string, sealedSecret: string): Promise<CredentialRecord | null> {
    const row = await this.db
      .updateTable('tagward.credential')
      .set({ sealed_secret: sealedSecret, rotated_at: sql`now()` })
      .where('id', '=', id)
      .returning(CREDENTIAL_COLUMNS)
      .executeTakeFirst();
    return row === undefined ? null : credentialRecord(row);
  }

  async touch(id: string): Promise<void> {
    await this.db
      .updateTable('tagward.credential')
      .set({ last_used_at: sql`now()` })
      .where('id', '=', id)
      .execute();
  }

  async remove(id: string): Promise<boolean> {
    return inTransaction(this.db, async (db) => {
      const credential = await db
        .selectFrom('tagward.credential')
        .select('name')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (credential === undefined) return false;
      await refuseWhileUsed(db, id, credential.name);
      try {
        await db.deleteFrom('tagward.credential').where('id', '=', id).execute();
      } catch (error) {
        if (violatedConstraint(error, FOREIGN_KEY_VIOLATION) === null) throw error;
        throw inUse(credential.name, ['one that was made just now'], error);
      }
      return true;
    });
  }
}

async function refuseWhileUsed(db: Db, id: string, name: string): Promise<void> {
  const targets = await db
    .selectFrom('tagward.target')
    .select('name')
    .where('credential_id', '=', id)
    .orderBy('name')
    .limit(NAMED_TARGETS + 1)
    .execute();
  if (targets.length === 0) return;
  const named = targets.slice(0, NAMED_TARGETS).map((target) => JSON.stringify(target.name));
  throw inUse(name, targets.length > NAMED_TARGETS ? [...named, 'and others'] : named);
}

function inUse(name: string, targets: readonly string[], cause?: unknown): HygieneError {
  return new HygieneError(
    'IN_USE',
    `The credential ${JSON.stringify(name)} is used by the targets ${targets.join(', ')}; give them another one first.`,
    { cause },
  );
}
