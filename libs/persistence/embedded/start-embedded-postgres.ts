import { join } from 'node:path';
import pg from 'pg';
import type { HygieneError, Logger } from '#core';
import {
  createCluster,
  giveToAccount,
  inspectCluster,
  readClusterPassword,
  removeUnfinishedClusters,
  SUPERUSER,
} from './cluster.js';
import { explainServerFailure } from './explain-server-failure.js';
import { stopLeftoverServer } from './leftover-server.js';
import { onDataDirectory, openDataDirectory } from './open-data-directory.js';
import { runServerProgram } from './run-server-program.js';
import { chooseServerAccount } from './server-account.js';
import { locateServerBinaries } from './server-binaries.js';
import { ServerProcess } from './server-process.js';
import { serverParameters } from './server-settings.js';
import { makeSocketFolder, PORT } from './socket-folder.js';

export interface EmbeddedPostgresOptions {
  /** The folder that holds the database (in `postgres/`); its lock (`lockDataDirectory`) must be held. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** The server ended though nobody stopped it. It is not started again: what was written last must be looked at first. */
  readonly onExit?: (error: HygieneError) => void;
  /** false: for databases that are thrown away; nothing waits for the disk. */
  readonly durable?: boolean;
}

/** How to connect. */
export interface EmbeddedConnection extends pg.PoolConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  /** Of the owner of the database `tagward`, who is no superuser. `host` is the folder of a unix socket: there is no TCP port. */
  readonly poolConfig: EmbeddedConnection;
  /** Of the superuser: for backups and for tests. */
  readonly adminPoolConfig: EmbeddedConnection;
  /** The same as `poolConfig`, as a URL. */
  readonly connectionString: string;
  readonly pid: number;
  /** `18.4` */
  readonly version: string;
  /** Ends connections, writes everything to disk and stops the server. Can be called twice. */
  stop(): Promise<void>;
}

const NAME = 'tagward';

/**
 * Starts the PostgreSQL that npm installed, on files in the data directory, reached by a unix socket only. Makes the files at the first start. When this process
 * ends in whatever way, the server ends too; one that is still ending is waited for.
 *
 * @throws HygieneError DATA_DIRECTORY_INVALID (damaged, of another version, not writable), DATA_DIRECTORY_IN_USE, DEPENDENCY_DOWN (it does not start; says why)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, durable = true } = options;
  const binaries = await locateServerBinaries();
  const version = await readVersion(binaries.postgres);
  const dataDir = await openDataDirectory(options.dataDir);
  const clusterDir = join(dataDir, 'postgres');
  const { account, password } = await onDataDirectory(dataDir, async () => {
    const owner = await inspectCluster(clusterDir, version.split('.')[0] ?? '');
    const chosen = await chooseServerAccount([clusterDir, binaries.postgres], owner);
    await removeUnfinishedClusters(dataDir);
    if (owner === null) await createCluster(clusterDir, binaries, chosen, durable);
    else if (chosen.differs && owner.uid !== chosen.uid) await giveToAccount(clusterDir, chosen);
    await stopLeftoverServer(clusterDir, logger);
    return { account: chosen, password: await readClusterPassword(clusterDir) };
  });
  const socketDir = await onDataDirectory(dataDir, () => makeSocketFolder(dataDir, account));
  const server = await ServerProcess.start({
    command: account.command(binaries.postgres, serverParameters(clusterDir, socketDir, durable)),
    socketDir,
    logger,
    onExit: options.onExit,
  });
  const connection = { host: socketDir, port: PORT, password };
  const admin = { ...connection, user: SUPERUSER, database: 'postgres' };
  try {
    await ensureDatabase(admin);
  } catch (cause) {
    await server.stop();
    throw explainServerFailure(
      'The embedded PostgreSQL started, but its database could not be opened',
      String(cause),
      cause,
    );
  }
  const poolConfig = { ...connection, user: NAME, database: NAME };
  return {
    poolConfig,
    adminPoolConfig: admin,
    connectionString: `postgresql://${NAME}:${password}@/${NAME}?host=${encodeURIComponent(socketDir)}&port=${PORT}`,
    pid: server.pid,
    version,
    stop: () => server.stop(),
  };
}

/** The role has the password of the superuser but not its power; both are made again when a restored backup lacks them. */
async function ensureDatabase(admin: EmbeddedConnection): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $1) as database`,
      [NAME],
    );
    if (rows[0]?.role !== true)
      await client.query(`create role ${NAME} login password ${client.escapeLiteral(admin.password)}`);
    if (rows[0]?.database !== true) await client.query(`create database ${NAME} owner ${NAME}`);
  } finally {
    await client.end();
  }
}

async function readVersion(postgres: string): Promise<string> {
  const { code, output } = await runServerProgram({ program: postgres, parameters: ['--version'] });
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(output)?.[1];
  if (code === 0 && version !== undefined) return version;
  throw explainServerFailure('The embedded PostgreSQL does not run on this machine', output);
}
