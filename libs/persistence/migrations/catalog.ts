import type { Migration } from 'kysely/migration';
import { up as spine } from './0001-spine.js';
import { up as pointers } from './0002-pointers.js';
import { up as lanes } from './0003-lanes.js';
import { up as pages } from './0004-pages.js';
import { up as schedules } from './0007-schedules.js';
import { up as signals } from './0009-signals.js';
import { up as notifications } from './0008-notifications.js';
import { up as reportHistory } from './0005-report-history.js';
import { up as webhooks } from './0006-webhooks.js';

/** Every migration, by name; they run in the order of their names. Forward only: a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-spine': { up: spine },
  '0002-pointers': { up: pointers },
  '0003-lanes': { up: lanes },
  '0004-pages': { up: pages },
  '0007-schedules': { up: schedules },
  '0009-signals': { up: signals },
  '0008-notifications': { up: notifications },
  '0005-report-history': { up: reportHistory },
  '0006-webhooks': { up: webhooks },
};
