import type { Selectable } from 'kysely';
import type { CredentialRecord } from '#application';
import type { CredentialTable } from '../schema.js';

/** Never `sealed_secret`. */
export const CREDENTIAL_COLUMNS = ['id', 'name', 'kind', 'created_at', 'rotated_at', 'last_used_at'] as const;

export function credentialRecord(
  row: Pick<Selectable<CredentialTable>, (typeof CREDENTIAL_COLUMNS)[number]>,
): CredentialRecord {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
    lastUsedAt: row.last_used_at,
  };
}
