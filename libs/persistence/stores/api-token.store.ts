import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { ApiTokenRecord, ApiTokenStore, Scope } from '#application';
import { refuseTakenName } from '../connection/constraint-errors.js';
import type { Db } from '../connection/transactions.js';
import { API_TOKEN_COLUMNS, apiTokenRecord } from '../rows/api-token.row.js';

const TOUCH_INTERVAL_MS = 60_000;

/** A revoked token is found by nothing, and its name is free again. */
export class PostgresApiTokenStore implements ApiTokenStore {
  constructor(private readonly db: Db) {}

  async insert(token: {
    name: string;
    prefix: string;
    hash: string;
    scopes: readonly Scope[];
    targetIds: readonly string[] | null;
    expiresAt: Date | null;
  }): Promise<ApiTokenRecord> {
    const write = this.db
      .insertInto('tagward.api_token')
      .values({
        id: uuidv7(),
        name: token.name,
        prefix: token.prefix,
        hash: token.hash,
        scopes: [...token.scopes],
        target_ids: token.targetIds === null ? null : [...token.targetIds],
        expires_at: token.expiresAt,
      })
      .returning(API_TOKEN_COLUMNS)
      .executeTakeFirstOrThrow();
    return apiTokenRecord(await refuseTakenName('API token', token.name, 'api_token_name_key', write));
  }

  async findByHash(hash: string): Promise<ApiTokenRecord | null> {
    return this.findBy('hash', hash);
  }

  async find(id: string): Promise<ApiTokenRecord | null> {
    return this.findBy('id', id);
  }

  async touch(id: string, at: Date): Promise<void> {
    const before = new Date(at.getTime() - TOUCH_INTERVAL_MS);
    await this.db
      .updateTable('tagward.api_token')
      .set({ last_used_at: at })
      .where('id', '=', id)
      .where((token) => token.or([token('last_used_at', 'is', null), token('last_used_at', '<=', before)]))
      .execute();
  }

  async revoke(id: string): Promise<boolean> {
    const revoked = await this.db
      .updateTable('tagward.api_token')
      .set({ revoked_at: sql`now()` })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return revoked.numUpdatedRows > 0n;
  }

  private async findBy(column: 'id' | 'hash', value: string): Promise<ApiTokenRecord | null> {
    const row = await this.db
      .selectFrom('tagward.api_token')
      .select(API_TOKEN_COLUMNS)
      .where(column, '=', value)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return row === undefined ? null : apiTokenRecord(row);
  }
}
