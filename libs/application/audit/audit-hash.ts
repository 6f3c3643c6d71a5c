import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEvent } from '../records/audit.js';

/** What the first event names as its predecessor. */
export const AUDIT_GENESIS = '0'.repeat(64);

/**
 * The hash of one link: SHA-256, hex, of the RFC 8785 canonical JSON of the event without its own hash.
 * It covers the previous hash, so that a change anywhere breaks every link after it.
 */
export function auditHash(event: Omit<AuditEvent, 'hash'>): string {
  const { sequence, at, actor, action, subject, details, previousHash } = event;
  const form = canonicalize({
    sequence,
    at: at.toISOString(),
    actor,
    action,
    subject,
    details,
    previousHash,
  });
  return createHash('sha256')
    .update(form ?? '')
    .digest('hex');
}
