import type { Selectable } from 'kysely';
import type { FindingRecord, Suppression } from '#application';
import type { FindingTable } from '../schema.js';
import { FLAPPING_AFTER } from './flapping.js';
import { severityOf } from './severity.row.js';

export interface FindingRow extends Selectable<FindingTable> {
  readonly scope: string;
  readonly resource_type: string;
  readonly last_seen_at: Date;
}

export function findingRecord(row: FindingRow): FindingRecord {
  return {
    id: row.id,
    targetId: row.target_id,
    scope: scopeOrNull(row.scope),
    rulePack: row.rule_pack,
    ruleId: row.rule_id,
    severity: severityOf(row.urgency),
    state: row.state,
    resource: row.resource,
    resourceType: row.resource_type,
    tag: row.tag,
    value: row.value,
    message: row.message,
    suggestion: row.suggestion,
    changes: row.changes,
    fixable: row.fixable,
    blocked: row.blocked,
    fixAtSource: row.fix_at_source,
    flapping: row.times_reopened >= FLAPPING_AFTER,
    timesReopened: row.times_reopened,
    evidence: row.evidence,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at,
    suppression: suppression(row),
  };
}

/** Platforms without scopes give an empty one. */
export function scopeOrNull(scope: string): string | null {
  return scope === '' ? null : scope;
}

function suppression(row: FindingRow): Suppression | null {
  if (row.suppressed_at === null) return null;
  return {
    reason: row.suppression_reason ?? '',
    by: row.suppressed_by ?? '',
    at: row.suppressed_at,
    until: row.suppressed_until,
  };
}
