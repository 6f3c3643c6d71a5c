import { join } from 'node:path';
import type { Config } from '#config';
import type { Logger } from '#core';
import { DiskReportFiles, lockDataDirectory, openDatabase, startEmbeddedPostgres } from '#persistence';
import { openQueue } from '#queue';

/** What the service stands on: PostgreSQL and the queue, ours or the operator's. */
export interface Backends {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly queue: Awaited<ReturnType<typeof openQueue>>;
  readonly reportFiles: DiskReportFiles;
  /** The embedded PostgreSQL is ours alone: no other process can run scans on it. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL unless `DATABASE_URL` names another, migrates, opens the queue. The embedded one takes the data directory
 * for this process alone; with another, processes may share it.
 * What was started is stopped again when a later step fails.
 */
export async function openBackends(
  config: Config,
  logger: Logger,
  onLost: (error: Error) => void,
): Promise<Backends> {
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const postgres =
      config.databaseUrl === null ? await startOwnPostgres(config, logger, onLost, undo) : null;
    const poolConfig = postgres?.poolConfig ?? { connectionString: config.databaseUrl ?? '' };
    const database = await openDatabase({ poolConfig, logger });
    undo.push(() => database.close());
    await database.migrate();
    const queue = await openQueue(
      config.redisUrl === null
        ? { postgres: poolConfig, alone: postgres !== null }
        : { redisUrl: config.redisUrl },
      logger,
    );
    undo.push(() => queue.close());
    const reportFiles = new DiskReportFiles(join(config.dataDir, 'reports'));
    return { database, queue, reportFiles, embedded: postgres !== null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwnPostgres(
  { dataDir }: Config,
  logger: Logger,
  onLost: (error: Error) => void,
  undo: (() => Promise<void>)[],
) {
  const lock = await lockDataDirectory(dataDir);
  undo.push(() => lock.release());
  const postgres = await startEmbeddedPostgres({ dataDir, logger, onExit: onLost });
  undo.push(() => postgres.stop());
  return postgres;
}
