import type { z } from 'zod';
import type { ErrorCode } from '../errors/codes.js';
import type { JsonObject } from '../model/json.js';
import type { Platform, TagKind } from '../model/platform.js';
import type { PointerFact, ReadUnit, Resource } from '../model/resource.js';

/** A fault that left one part of a target unread; the scan ends PARTIAL and nothing of that part counts as gone or clean. */
export interface ScanError {
  readonly code: ErrorCode;
  /** What happened, to what, and how to mend it. No secret, no raw remote body. */
  readonly message: string;
  /** The part that was not read; null when it is the whole target. */
  readonly scope: string | null;
  readonly retryable: boolean;
}

/** Something a connector can or cannot do on this target. `declared` ones hold for the platform, the rest were probed. */
export interface Capability {
  readonly name: string;
  readonly supported: boolean;
  readonly declared: boolean;
  readonly detail: string | null;
  readonly checkedAt: Date | null;
}

export interface ConnectorHealth {
  readonly capabilities: readonly Capability[];
  /** Who we are there, in words for a person (`account 123456789012 as role/tagward`); null when the platform has no such notion. */
  readonly identity: string | null;
}

export interface ListRequest {
  /** Read these resources only; null reads everything. Ids that do not exist are simply not yielded. */
  readonly resources: readonly string[] | null;
  /** Read these scopes only, each as a whole; null reads every scope. Absent is null. */
  readonly scopes?: readonly string[] | null;
  /** Facts that some rule asks for; a fact that costs extra calls is read only when it is listed here. Absent: none. */
  readonly facts?: ReadonlySet<PointerFact>;
  /** Aborting ends the iteration with a CANCELLED error within a second. */
  readonly signal: AbortSignal;
}

/** What a connector tells while it reads. Batches of one unit come before its `complete`; an unread unit never completes. */
export type InventoryEvent =
  | { readonly type: 'resources'; readonly unit: ReadUnit; readonly resources: readonly Resource[] }
  | { readonly type: 'complete'; readonly unit: ReadUnit }
  /** Every scope that the target has was told of, by any of the other events: scopes that are not are gone. At most once. */
  | { readonly type: 'all-scopes' }
  | { readonly type: 'error'; readonly error: ScanError }
  | { readonly type: 'progress'; readonly done: number; readonly total: number | null };

/** Reads (later: changes) one target. Opened for one job, closed by whoever opened it; safe to use from one job at a time. */
export interface Connector {
  /** One cheap authenticated call, and the capabilities found. Throws a HygieneError that says what to mend. */
  health(signal: AbortSignal): Promise<ConnectorHealth>;
  /**
   * Everything that carries tags, tagged or not, in batches of at most 1,000 resources, units interleaved in any order.
   * A fault of one unit is an `error` event and the rest goes on; a fault of the whole target throws.
   */
  listResources(request: ListRequest): AsyncIterable<InventoryEvent>;
  close(): Promise<void>;
}

/** What a listing of scopes tells. It came to its end without an `error`: the target has these scopes and no others. */
export type ScopeEvent =
  | { readonly type: 'scopes'; readonly scopes: readonly string[] }
  | { readonly type: 'error'; readonly error: ScanError };

/** A connector whose scopes are many and independent: each may be read by a job of its own, with `listResources({ scopes })`. */
export interface ScopedConnector extends Connector {
  /** Each scope once. A fault that leaves the list unfinished is an `error` event; a fault before anything was listed throws. */
  listScopes(signal: AbortSignal): AsyncIterable<ScopeEvent>;
}

export function isScoped(connector: Connector): connector is ScopedConnector {
  return 'listScopes' in connector;
}

/** What a connector needs from the process that runs it. */
export interface ConnectorEnvironment {
  readonly outbound: OutboundPolicy;
  /** The clock, for back-off and dates; milliseconds since the epoch. */
  readonly now: () => number;
  readonly content: ContentFacts;
  /** A folder of the connectors' own for what may be thrown away at any time; made when first used. */
  readonly cacheDirectory: string;
}

/**
 * Facts of things that are named by their own hash, kept for ever: what was read, and checked against its digest, once is not read
 * again. Shared by all targets and workers.
 */
export interface ContentFacts {
  /** Those of the digests that are known; any number of digests. */
  get(digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
  /** Only what was checked against its digest. */
  put(facts: ReadonlyMap<string, JsonObject>): Promise<void>;
}

/** Which private or local addresses the operator opened to targets. Public addresses are always allowed, metadata services never. */
export interface OutboundPolicy {
  /** Host names, `host:port`, or CIDR blocks. */
  readonly allow: readonly string[];
  /** `file://` remotes and local engine sockets. */
  readonly allowLocal: boolean;
}

/** A resource that somebody outside names: a webhook's sender. A hint, never a fact: what is true is read from the platform. */
export interface ResourceHint {
  /** A repository, an instance id… as the sender spells it. */
  readonly name: string;
  /** ec2: where it is, as far as the sender says. */
  readonly region?: string | null;
  readonly account?: string | null;
}

/** The secret of a credential, opened for one job. */
export type CredentialSecret = Readonly<Record<string, string>>;

export interface OpenRequest<Config = JsonObject> {
  readonly config: Config;
  /** null: the platform's default chain, or anonymous. */
  readonly secret: { readonly kind: CredentialKind; readonly values: CredentialSecret } | null;
  readonly environment: ConnectorEnvironment;
}

export const CREDENTIAL_KINDS = [
  'AWS_ACCESS_KEY',
  'BASIC',
  'BEARER',
  'SSH_KEY',
  'DOCKER_TLS',
  'FORGE_TOKEN',
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** A connector described as data: what it may be asked, what it needs, what it can do. */
export interface ConnectorDescriptor<Config = JsonObject> {
  readonly platform: Platform;
  readonly title: string;
  readonly tagKind: TagKind;
  /** The target's configuration as a user gives it. Unknown fields are refused. */
  readonly config: z.ZodType<Config>;
  /** Canonical, secret-free words for where the target is: a URL, a region list. */
  location(config: Config): string;
  /** What the target calls a resource that somebody names; null when it is none of this target's. Contacts nothing. */
  resourceNamed(config: Config, hint: ResourceHint): string | null;
  /** Credential kinds it takes. */
  readonly credentialKinds: readonly CredentialKind[];
  /** Capabilities every target of the platform has, or has not. */
  readonly capabilities: readonly Capability[];
  /** The permissions that reading needs, in the platform's own words (IAM actions, scopes). */
  readonly permissions: readonly string[];
}

export interface ConnectorModule<Config = JsonObject> {
  readonly descriptor: ConnectorDescriptor<Config>;
  /** Checks addresses against the outbound policy and throws a HygieneError; opens no connection yet. */
  open(request: OpenRequest<Config>): Promise<Connector>;
}
