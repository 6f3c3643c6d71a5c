import { HygieneError } from '#core';

/** The five characters of PostgreSQL's error code; null for errors that are not the server's. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

export const UNIQUE_VIOLATION = '23505';
export const FOREIGN_KEY_VIOLATION = '23503';
const QUERY_CANCELED = '57014';
const LOCK_NOT_AVAILABLE = '55P03';
const READ_ONLY_TRANSACTION = '25006';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** The transaction was rolled back for reasons that a second try may not meet. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNAVAILABLE_STATES = new Set([
  READ_ONLY_TRANSACTION, // a failover made this server a standby
  '25P03', // idle in transaction for too long: this process was suspended
  '28000', // login refused
  '28P01', // wrong password
  '3D000', // no such database
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57P05', // idle session timeout
]);
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);
/** What pg and pg-pool say without a code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|The server does not support SSL|Query read timeout)/;

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null && (UNAVAILABLE_STATES.has(code) || UNAVAILABLE_CODES.has(code) || code.startsWith('08')))
    return true;
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message);
}

/** After such an error the connection must not be used again: it leads to a server that is not the primary any more, or nowhere. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return isUnavailable(error);
  return (
    state === READ_ONLY_TRANSACTION || state === '25P03' || state.startsWith('57P') || state.startsWith('08')
  );
}

/** DEPENDENCY_DOWN and LIMIT_EXCEEDED for what a caller can act on; everything else as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof HygieneError) return error;
  if (sqlState(error) === QUERY_CANCELED) {
    return new HygieneError(
      'LIMIT_EXCEEDED',
      'The database stopped a query that took longer than allowed; narrow the filter or ask for a smaller part.',
      { cause: error },
    );
  }
  if (sqlState(error) === LOCK_NOT_AVAILABLE) {
    return new HygieneError(
      'DEPENDENCY_DOWN',
      'Somebody else is changing the same rows and did not finish in time; try again in a moment.',
      { cause: error, retryAfterMs: 1_000 },
    );
  }
  if (!isUnavailable(error)) return error;
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : 'no answer');
  return new HygieneError(
    'DEPENDENCY_DOWN',
    `PostgreSQL is not available (${reason}); check that it runs, accepts connections and is the primary.`,
    { cause: error, retryAfterMs: 1_000 },
  );
}

/** The constraint that a unique or foreign key violation names. */
export function violatedConstraint(error: unknown, state: string): string | null {
  if (sqlState(error) !== state) return null;
  return (error as { constraint?: string }).constraint ?? null;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
