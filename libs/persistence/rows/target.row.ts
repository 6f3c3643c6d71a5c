import type { Selectable } from 'kysely';
import type { Capability } from '#core';
import type { TargetRecord } from '#application';
import type { TargetTable } from '../schema.js';

export function targetRecord(row: Selectable<TargetTable>): TargetRecord {
  return {
    id: row.id,
    name: row.name,
    platform: row.platform,
    location: row.location,
    config: row.config,
    credentialId: row.credential_id,
    rulePacks: row.rule_packs,
    mode: row.mode,
    labels: row.labels,
    capabilities: row.capabilities.map(capability),
    createdAt: row.created_at,
    openFindings: row.open_findings,
    hygieneScore: row.hygiene_score,
  };
}

/** JSON holds the time as text. */
function capability(stored: Capability): Capability {
  return { ...stored, checkedAt: stored.checkedAt === null ? null : new Date(stored.checkedAt) };
}
