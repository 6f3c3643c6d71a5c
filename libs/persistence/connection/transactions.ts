import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { HygieneError } from '#core';
import type { Schema } from '../schema.js';
import { isTransient, UNIQUE_VIOLATION, violatedConstraint } from './postgres-errors.js';

export type Db = Kysely<Schema>;

const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5;

/** Two calls raced for one idempotency key: the second finds the first's answer when it tries again. */
const RETRIED_CONSTRAINTS = new Set(['idempotency_key_pkey', 'tag_key', 'resource_key', 'finding_pkey']);

/**
 * Runs `work` in a transaction of its own, or in the one that `db` already is. What PostgreSQL rolled back by itself
 * (serialisation, deadlock, a lost race for a key) is run again; a commit whose answer was lost is not.
 */
export async function inTransaction<T>(db: Db, work: (transaction: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((transaction: Transaction<Schema>) => work(transaction));
    } catch (error) {
      if (!isRetried(error)) throw error;
      if (attempt >= MAX_ATTEMPTS) throw tooContended(error);
    }
    await delay(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}

function isRetried(error: unknown): boolean {
  return isTransient(error) || RETRIED_CONSTRAINTS.has(violatedConstraint(error, UNIQUE_VIOLATION) ?? '');
}

function tooContended(cause: unknown): HygieneError {
  return new HygieneError(
    'DEPENDENCY_DOWN',
    `PostgreSQL undid a change ${MAX_ATTEMPTS} times because others changed the same rows; try again in a moment.`,
    { cause, retryAfterMs: 1_000 },
  );
}
