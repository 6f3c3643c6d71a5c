import type { Stores } from '../ports/stores.js';
import type { AuditVerification } from '../records/audit.js';
import { AUDIT_GENESIS, auditHash } from './audit-hash.js';

export interface ExpectedHead {
  readonly expectedSequence?: number | undefined;
  readonly expectedHead?: string | undefined;
}

/** Walks the hash chain from its start and names the first link that is wrong or missing. */
export class VerifyAuditLog {
  constructor(private readonly audit: Pick<Stores['audit'], 'stream'>) {}

  /**
   * @param expected a head exported earlier: with it, links cut off the end are seen too. A head alone must still be in the chain;
   *   with its sequence it must stand exactly there.
   */
  async execute(expected: ExpectedHead): Promise<AuditVerification> {
    let head = AUDIT_GENESIS;
    let events = 0;
    let headFound = expected.expectedHead === undefined || expected.expectedHead === AUDIT_GENESIS;
    for await (const event of this.audit.stream(0)) {
      const sequence = events + 1;
      const { hash, ...rest } = event;
      if (event.sequence !== sequence || event.previousHash !== head || hash !== auditHash(rest)) {
        return { ok: false, events, brokenAt: sequence, head };
      }
      if (
        sequence === expected.expectedSequence &&
        expected.expectedHead !== undefined &&
        hash !== expected.expectedHead
      ) {
        return { ok: false, events, brokenAt: sequence, head };
      }
      headFound ||= hash === expected.expectedHead;
      head = hash;
      events = sequence;
    }
    if (!headFound || events < (expected.expectedSequence ?? 0)) {
      return { ok: false, events, brokenAt: events + 1, head };
    }
    return { ok: true, events, brokenAt: null, head };
  }
}
