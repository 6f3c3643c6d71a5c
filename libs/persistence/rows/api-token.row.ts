import type { Selectable } from 'kysely';
import type { ApiTokenRecord } from '#application';
import type { ApiTokenTable } from '../schema.js';

/** Never `hash`. */
export const API_TOKEN_COLUMNS = [
  'id',
  'name',
  'prefix',
  'scopes',
  'target_ids',
  'created_at',
  'expires_at',
  'last_used_at',
] as const;

export function apiTokenRecord(
  row: Pick<Selectable<ApiTokenTable>, (typeof API_TOKEN_COLUMNS)[number]>,
): ApiTokenRecord {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    targetIds: row.target_ids,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
