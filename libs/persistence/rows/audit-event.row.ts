import type { Selectable } from 'kysely';
import type { AuditEvent } from '#application';
import type { AuditEventTable } from '../schema.js';

export function auditEvent(row: Selectable<AuditEventTable>): AuditEvent {
  return {
    sequence: row.sequence,
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    details: row.details,
    hash: row.hash,
    previousHash: row.previous_hash,
  };
}
