/**
 * Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html after which the same statement may succeed a
 * little later: connections, refused logins, no such database, rolled back, no permission or no table (somebody is at it),
 * no resources, stopped, system faults.
 */
const OUTAGE_CLASSES = new Set(['08', '28', '3D', '3F', '40', '42', '53', '55', '57', '58']);
const READ_ONLY_TRANSACTION = '25006';
const OUTAGE_ERRNOS = /^E(CONN|PIPE|HOST|NET|TIMEDOUT|NOTFOUND|NOENT|AI_|ACCES)/;
/** What pg and pg-pool say without a code. */
const OUTAGE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|The server does not support SSL)/;

/** Is the store at fault, rather than the statement? */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null) return OUTAGE_MESSAGES.test(error.message);
  if (/^[0-9A-Z]{5}$/.test(code) && !OUTAGE_ERRNOS.test(code)) {
    return code === READ_ONLY_TRANSACTION || OUTAGE_CLASSES.has(code.slice(0, 2));
  }
  return OUTAGE_ERRNOS.test(code);
}
