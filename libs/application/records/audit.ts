import type { JsonObject } from '#core';

/** One link of the append-only, hash-chained log. */
export interface AuditEvent {
  /** 1, 2, 3… without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly actor: string;
  /** `target.create`, `scan.start`…: stable. */
  readonly action: string;
  /** `target:<id>`, `rule-pack:<name>`… */
  readonly subject: string;
  readonly details: JsonObject;
  /** SHA-256, hex, of the RFC 8785 form of the event without `hash`. */
  readonly hash: string;
  /** The hash of the event before; 64 zeros for the first. */
  readonly previousHash: string;
}

export interface AuditVerification {
  readonly ok: boolean;
  readonly events: number;
  /** The first sequence that is wrong or missing. */
  readonly brokenAt: number | null;
  readonly head: string;
}
