export { type DataDirectoryLock, lockDataDirectory } from './embedded/lock-data-directory.js';
export {
  type EmbeddedConnection,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start-embedded-postgres.js';
export type { ConnectionOptions } from './connection/guarded-pool.js';
export { openDatabase } from './open-database.js';
export { PostgresDatabase } from './postgres-database.js';
export { DiskReportFiles } from './report-files/disk-report-files.js';
