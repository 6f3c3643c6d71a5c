import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { HygieneError, type Logger } from '#core';
import { cleanText } from './clean-text.js';
import { allowsLongStatements, answerWithin } from './statement-limits.js';
import { breaksConnection, translateError } from './postgres-errors.js';

export interface ConnectionOptions {
  readonly connectionString?: string | undefined;
  readonly poolConfig?: pg.PoolConfig | undefined;
  /** Connections held at most by this process. */
  readonly maxConnections?: number | undefined;
  readonly logger?: Logger | undefined;
}

export interface SessionLimits {
  /** Most milliseconds of one statement; 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8 = 20;
const DEFAULT_MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * A pg pool as Kysely takes it, which never lets a lost connection crash the process, drops connections that lead to a
 * server that cannot write any more, cleans texts, and throws HygieneErrors for what is not the caller's fault.
 */
export class GuardedPool implements PostgresPool {
  private readonly pool: pg.Pool;
  private ended: Promise<void> | null = null;

  constructor(
    options: ConnectionOptions,
    private readonly limits: SessionLimits,
  ) {
    const { logger } = options;
    this.pool = new pg.Pool({
      application_name: 'tagward',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      ...options.poolConfig,
      ...(options.connectionString === undefined ? {} : { connectionString: options.connectionString }),
      max: options.maxConnections ?? options.poolConfig?.max ?? DEFAULT_MAX_CONNECTIONS,
      types: { getTypeParser },
      // pg-pool awaits what the hook returns, which its types do not say.
      onConnect: (client) => prepareSession(client, limits) as unknown as void,
    });
    const lost = (error: Error): void => {
      // A pool that is closed lets its connections go before the server has heard of it.
      if (this.ended === null) logger?.warn({ err: translateError(error) }, 'a database connection was lost');
    };
    this.pool.on('error', lost);
    // pg-pool listens to idle clients only; one that is lost between two queries of a transaction would end the process.
    this.pool.on('connect', (client) => client.on('error', lost));
  }

  get options(): object {
    return this.pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.ended !== null) throw closed();
    try {
      return new GuardedClient(await this.pool.connect(), this.limits);
    } catch (error) {
      throw translateError(error);
    }
  }

  end(): Promise<void> {
    this.ended ??= this.pool.end();
    return this.ended;
  }
}

class GuardedClient implements PostgresPoolClient {
  private broken = false;
  private longAllowed = false;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly limits: SessionLimits,
  ) {}

  get processID(): number {
    return (this.client as unknown as { processID: number }).processID;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    // Pages by key keep memory bounded without holding a connection for as long as a reader is slow.
    if (typeof sql !== 'string')
      throw new HygieneError('INTERNAL', 'Database cursors are not used; read pages by key.');
    return this.run<R>(sql, parameters);
  }

  release(destroy?: boolean): void {
    this.client.release(destroy === true || this.broken);
  }

  private async run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      if (allowsLongStatements(sql)) this.longAllowed = true;
      const result = await this.client.query({
        text: sql,
        values: parameters.map(cleanParameter),
        query_timeout: answerWithin(this.limits.statementTimeoutMs, this.longAllowed),
      } as pg.QueryConfig);
      return result as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (breaksConnection(error)) this.broken = true;
      throw translateError(withoutData(error));
    }
  }
}

function cleanParameter(parameter: unknown): unknown {
  if (typeof parameter === 'string') return cleanText(parameter);
  if (parameter instanceof Date) return parameter.toISOString();
  return Array.isArray(parameter) ? parameter.map(cleanParameter) : parameter;
}

/** `detail` and `where` quote rows: they belong in no log. */
function withoutData(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}

/** bigint as a number: identities and counts stay far below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, format) : pg.types.getTypeParser(oid);
}

async function prepareSession(client: pg.ClientBase, limits: SessionLimits): Promise<void> {
  await client.query(
    [
      // Just-in-time compilation costs more than it saves in statements of milliseconds, and is set off by cost estimates.
      'set jit = off',
      `set statement_timeout = ${limits.statementTimeoutMs}`,
      `set lock_timeout = ${limits.lockTimeoutMs}`,
      // A process that is suspended within a transaction must not keep its locks from the others.
      `set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`,
    ].join('; '),
  );
}

function closed(): HygieneError {
  return new HygieneError(
    'DEPENDENCY_DOWN',
    'The database connection of this process is closed; it is stopping.',
  );
}
