import type { Migration } from 'kysely/migration';
import { up as spine } from './0001-spine.js';

/** Every migration, by name; they run in the order of their names. Forward only: a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-spine': { up: spine },
};
