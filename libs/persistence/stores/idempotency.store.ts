import { HygieneError } from '#core';
import type { IdempotencyStore } from '#application';
import type { Db } from '../connection/transactions.js';

type Key = Parameters<IdempotencyStore['find']>[0];

/** Of two transactions that put one key at once, the second is run again and finds what the first stored. */
export class PostgresIdempotencyStore implements IdempotencyStore {
  constructor(private readonly db: Db) {}

  async find(key: Key): Promise<string | null> {
    const row = await this.db
      .selectFrom('tagward.idempotency_key')
      .select(['request_hash', 'result_id'])
      .where('subject', '=', key.subject)
      .where('operation', '=', key.operation)
      .where('key', '=', key.key)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (row.request_hash !== key.requestHash) {
      throw new HygieneError(
        'IDEMPOTENCY_KEY_REUSED',
        `The idempotency key ${JSON.stringify(key.key)} was used for another request of ${key.operation}; use a new key for a new request.`,
      );
    }
    return row.result_id;
  }

  async put(key: Key & { resultId: string }): Promise<void> {
    await this.db
      .insertInto('tagward.idempotency_key')
      .values({
        subject: key.subject,
        operation: key.operation,
        key: key.key,
        request_hash: key.requestHash,
        result_id: key.resultId,
      })
      .execute();
  }

  async trim(before: Date): Promise<number> {
    const trimmed = await this.db
      .deleteFrom('tagward.idempotency_key')
      .where('created_at', '<', before)
      .executeTakeFirst();
    return Number(trimmed.numDeletedRows);
  }
}
