export type { ConnectionOptions } from './connection/guarded-pool.js';
export { openDatabase } from './open-database.js';
export { PostgresDatabase } from './postgres-database.js';
