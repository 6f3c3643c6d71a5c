import type { Connector, ConnectorDescriptor, CredentialSecret, JsonObject, Platform } from '#core';
import type { CredentialKind } from '#core';
import type { ReportFileRecord, ReportFormat } from '../records/report.js';

export interface Clock {
  now(): Date;
}

/** Tells workers that a target has a scan waiting. Losing every job is harmless: `recover` enqueues again. */
export interface ScanQueue {
  enqueue(targetId: string): Promise<void>;
}

/** One of the lanes in which the scopes of a scan are read. */
export interface LaneRef {
  readonly scanId: string;
  /** From 0. */
  readonly lane: number;
}

/** Tells workers that a scan has scopes waiting. A lane that is enqueued waits behind the lanes of other scans. */
export interface LaneQueue {
  enqueue(lane: LaneRef): Promise<void>;
}

/** Makes a report's files in the background. */
export interface ReportQueue {
  enqueue(reportId: string): Promise<void>;
}

export interface Connectors {
  /** null when this build has no connector for the platform. */
  descriptor(platform: Platform): ConnectorDescriptor | null;
  open(
    platform: Platform,
    config: JsonObject,
    secret: { kind: CredentialKind; values: CredentialSecret } | null,
  ): Promise<Connector>;
  /** Refuses (ADDRESS_REFUSED, TARGET_CONFIG_INVALID) what `open` would refuse, without connecting. */
  check(platform: Platform, config: JsonObject): Promise<void>;
}

/** Envelope encryption of secrets, bound to the row they belong to (AES-256-GCM; `boundTo` is the additional data). */
export interface SecretBox {
  seal(secret: CredentialSecret, boundTo: string): string;
  /** Throws CREDENTIAL_INVALID when the key is another, or the envelope was changed or moved. */
  open(sealed: string, boundTo: string): CredentialSecret;
}

/** Where report files live. Files are immutable once written. */
/** Signs what a link says, so that nobody can change it or make one up. */
export interface LinkSigner {
  /** Of characters that an address takes as they are. */
  sign(text: string): string;
  /** Takes the same time whatever is wrong. */
  verify(text: string, signature: string): boolean;
}

export interface ReportFiles {
  /** Streams to a temporary name and renames at the end; nothing half-written can be read. */
  write(
    reportId: string,
    format: ReportFormat,
    content: AsyncIterable<string | Uint8Array>,
  ): Promise<ReportFileRecord>;
  /** null when there is none. */
  path(reportId: string, format: ReportFormat): Promise<string | null>;
  /** Removes whatever was written of a report; nothing is nothing to remove. */
  remove(reportId: string): Promise<void>;
}
