import { HygieneError, type Logger } from '#core';

/** BullMQ's scripts and blocking reads: https://docs.bullmq.io/guide/redis-tm-compatibility */
const OLDEST = [6, 2] as const;

/**
 * Reads Redis' own report (INFO, which hosted Redis allow, unlike CONFIG) and refuses one that would drop jobs by itself.
 *
 * @throws HygieneError OPERATION_UNSUPPORTED
 */
export function checkRedis(info: string, logger: Logger): void {
  const fields = new Map(info.split(/\r?\n/).map((line) => splitOnce(line)));
  const version = fields.get('redis_version') ?? '0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new HygieneError(
      'OPERATION_UNSUPPORTED',
      `REDIS_URL names a Redis ${version}; the queue needs ${OLDEST.join('.')} or newer.`,
    );
  }
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction') return;
  if (policy.startsWith('allkeys') && fields.get('maxmemory') !== '0') {
    throw new HygieneError(
      'OPERATION_UNSUPPORTED',
      `REDIS_URL names a Redis that drops any key when its memory is full (maxmemory-policy ${policy}), jobs included: set "maxmemory-policy noeviction", or use another Redis.`,
    );
  }
  logger.warn(
    { policy },
    'the Redis of the queue may drop keys when its memory is full; set maxmemory-policy to noeviction',
  );
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(':');
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
