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
 * Locks the data directory, starts the embedded PostgreSQL unless `DATABASE_URL` names another, migrates, opens the queue.
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
    const lock = await lockDataDirectory(config.dataDir);
    undo.push(() => lock.release());
    const postgres =
      config.databaseUrl === null
        ? await startEmbeddedPostgres({ dataDir: config.dataDir, logger, onExit: onLost })
        : null;
    if (postgres !== null) undo.push(() => postgres.stop());
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
