import type {
  Capability,
  ContentFacts,
  CredentialKind,
  DetectedFinding,
  JsonObject,
  NotEvaluated,
  OwnerOf,
  Platform,
  PointerFact,
  PointerFacts,
  ReadUnit,
  Resource,
  RuleSummary,
  ScanError,
} from '#core';
import type { ApiTokenRecord, Scope } from '../records/access.js';
import type { AuditEvent } from '../records/audit.js';
import type { CredentialRecord } from '../records/credential.js';
import type { FindingFilter, FindingRecord, Suppression } from '../records/finding.js';
import type { ReportFileRecord, ReportFormat, ReportRecord } from '../records/report.js';
import type { RulePackRecord, RulePackRef } from '../records/rule-pack.js';
import type { FindingCounts, ScanRecord, ScanStatus, ScanTrigger } from '../records/scan.js';
import type { Label, TargetMode, TargetRecord } from '../records/target.js';
import type { Visible } from '../records/page.js';
import type { NotificationChannelStore, NotificationDeliveryStore } from './notifications.js';
import type { ReadModels } from './read-models.js';
import type { ScanScopeStore, ScopeHold } from './scan-scopes.js';
import type { ScheduleStore } from './schedule-store.js';
import type { ScanSignals } from './scan-signals.js';
import type { ScoreStore } from './scores.js';
import type { WebhookStore } from './webhook-store.js';

/** The write side. Every store of one `Stores` works on the same connection, so a transaction spans them all. */
export interface Stores {
  readonly targets: TargetStore;
  readonly credentials: CredentialStore;
  readonly rulePacks: RulePackStore;
  readonly scans: ScanStore;
  readonly scanScopes: ScanScopeStore;
  readonly findings: FindingStore;
  readonly audit: AuditStore;
  readonly apiTokens: ApiTokenStore;
  readonly reports: ReportStore;
  readonly schedules: ScheduleStore;
  readonly idempotency: IdempotencyStore;
  readonly content: ContentStore;
  readonly notificationChannels: NotificationChannelStore;
  readonly notificationDeliveries: NotificationDeliveryStore;
  readonly scores: ScoreStore;
  readonly webhooks: WebhookStore;
}

export interface Database {
  readonly stores: Stores;
  readonly signals: ScanSignals;
  /** Commits what `work` did, or nothing. Retries by itself where PostgreSQL asks for it (serialisation, deadlock). */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** Reads as the database stands now, for as long as `work` takes: whatever is read twice is the same. */
  snapshot<T>(work: (readModels: ReadModels) => Promise<T>): Promise<T>;
  /** Opens the writer of one running scan; its batches are transactions of their own. */
  openScanSession(scan: ScanSessionRequest): Promise<ScanSession>;
  /** Does PostgreSQL answer? Throws DEPENDENCY_DOWN. */
  ping(): Promise<void>;
}

export interface TargetStore {
  /** Throws NAME_TAKEN. */
  insert(target: NewTarget): Promise<TargetRecord>;
  /** null when there is none. */
  find(id: string): Promise<TargetRecord | null>;
  /** Throws NAME_TAKEN; null when there is none. */
  update(id: string, change: TargetChange): Promise<TargetRecord | null>;
  /** Removes the target with its inventory, findings and scans; false when there is none. */
  remove(id: string): Promise<boolean>;
  setCapabilities(id: string, capabilities: readonly Capability[]): Promise<void>;
  /** Recomputes `openFindings` and `hygieneScore` from inventory and open findings, and notes in the history what they became `at`. */
  refreshScore(id: string, at: Date): Promise<void>;
}
export interface NewTarget {
  readonly name: string;
  readonly platform: Platform;
  readonly location: string;
  readonly config: JsonObject;
  readonly credentialId: string | null;
  readonly rulePacks: readonly string[] | null;
  readonly mode: TargetMode;
  readonly labels: readonly Label[];
}
export type TargetChange = Partial<Omit<NewTarget, 'platform'>>;

export interface CredentialStore {
  /** Throws NAME_TAKEN. The id is given by the caller because the sealed secret is bound to it. */
  insert(credential: {
    id: string;
    name: string;
    kind: CredentialKind;
    sealedSecret: string;
  }): Promise<CredentialRecord>;
  find(id: string): Promise<CredentialRecord | null>;
  /** The sealed secret, for opening a connector. */
  sealedSecret(id: string): Promise<string | null>;
  rotate(id: string, sealedSecret: string): Promise<CredentialRecord | null>;
  touch(id: string): Promise<void>;
  /** Throws IN_USE (naming targets) while a target refers to it; false when there is none. */
  remove(id: string): Promise<boolean>;
}

export interface RulePackStore {
  /** The next version; `expectedVersion` (0: must be new) that does not hold throws VERSION_CONFLICT naming the stored version. */
  append(pack: {
    name: string;
    document: string;
    rules: readonly RuleSummary[];
    createdBy: string;
    expectedVersion: number | null;
  }): Promise<RulePackRecord>;
  /** The latest version when none is named; null when there is none or it was removed. */
  find(name: string, version?: number | null): Promise<RulePackRecord | null>;
  /** Latest versions of all packs, by name. */
  latest(): Promise<readonly RulePackRecord[]>;
  /** As `latest`, without what they say: enough to know whether anything has changed. */
  latestRefs(): Promise<readonly RulePackRef[]>;
  /** Its versions stay for old scans; the name is no longer listed, and its findings resolve at the next scan. */
  remove(name: string): Promise<boolean>;
}

export interface ScanRequest {
  readonly targetId: string;
  readonly trigger: ScanTrigger;
  readonly rulePacks: readonly RulePackRef[] | null;
  readonly scopes: readonly string[] | null;
}

export interface ScanStore {
  /**
   * Queues a scan, or returns the QUEUED one of the target after merging `scopes` into it (null wins: the whole target).
   * At most one scan per target is QUEUED and one RUNNING, held by unique partial indexes.
   */
  enqueue(request: ScanRequest): Promise<{ scan: ScanRecord; created: boolean }>;
  /** As `enqueue`, of several targets in one statement and in one order everywhere; each target at most once. */
  enqueueAll(
    requests: readonly ScanRequest[],
  ): Promise<readonly { readonly scan: ScanRecord; readonly created: boolean }[]>;
  find(id: string): Promise<ScanRecord | null>;
  /**
   * Takes what the target has waiting: first its RUNNING scan when that has no owner (released, or its worker was lost; the
   * attempt counts one up), else its QUEUED scan, which becomes RUNNING. null when nothing waits, or a scan runs with an owner
   * or with scopes that its lanes have not read yet.
   */
  claim(targetId: string, owner: string): Promise<ClaimedScan | null>;
  /** Renews ownership and stores progress; false when the scan is no longer `owner`'s (it was taken over, or is finished). */
  heartbeat(
    scanId: string,
    owner: string,
    progress: ScanProgress,
  ): Promise<{ owned: boolean; cancelRequested: boolean }>;
  finish(scanId: string, owner: string, outcome: ScanOutcome): Promise<ScanRecord | null>;
  /** A draining worker gives its scan up: it stays RUNNING without an owner, to be claimed again; the start does not count as an attempt. */
  release(scanId: string, owner: string): Promise<void>;
  /**
   * QUEUED becomes CANCELLED at once, and so does RUNNING without an owner, read by lanes or not; RUNNING with an owner is asked to
   * stop; a finished scan is returned as it is; null when there is none.
   */
  requestCancel(id: string): Promise<ScanRecord | null>;
  /** The same for whatever the target has QUEUED and RUNNING. */
  requestCancelOf(targetId: string): Promise<void>;
  /** RUNNING scans whose owner gave no sign for `staleAfterMs` after `maxAttempts` starts end FAILED with the error WORKER_LOST; those that did. */
  failLost(staleAfterMs: number, maxAttempts: number): Promise<readonly ScanRecord[]>;
  /**
   * RUNNING scans whose owner gave no sign for `staleAfterMs` lose their owner, unless they are to end by `failLost`. Returns the targets that have a scan without an owner, QUEUED or RUNNING (its lanes done), and
   * therefore need a job.
   */
  recover(staleAfterMs: number, maxAttempts: number): Promise<readonly string[]>;
  /** Forgets scans that ended before, but for the last of each target and the last that read it. How many that were. */
  trim(before: Date): Promise<number>;
  /** The last scan of each target. */
  lastOf(targetIds: readonly string[]): Promise<ReadonlyMap<string, ScanRecord>>;
}
export interface ClaimedScan {
  readonly scan: ScanRecord;
  /** null: the target's packs, or all. */
  readonly requestedPacks: readonly RulePackRef[] | null;
  /** 1 for the first start. */
  readonly attempt: number;
  /** Lanes have read all its scopes, and what is left is to sum up; null: it is to be read. `listedWhole`: the target has no other scopes. */
  readonly lanes: { readonly listedWhole: boolean } | null;
}
export interface ScanProgress {
  readonly done: number;
  readonly total: number | null;
  readonly resources: number;
  readonly tags: number;
}
export interface ScanOutcome {
  readonly status: Exclude<ScanStatus, 'QUEUED' | 'RUNNING'>;
  readonly progress: ScanProgress;
  readonly rulePacks: readonly RulePackRef[];
  readonly counts: FindingCounts;
  readonly notEvaluated: readonly NotEvaluated[];
  readonly errors: readonly ScanError[];
}

export interface ScanSessionRequest {
  readonly scanId: string;
  readonly targetId: string;
  /** The scan's start: first seen, last seen, resolved. */
  readonly at: Date;
  /** The rules that run: only their findings are resolved. */
  readonly rules: readonly { readonly rulePack: string; readonly ruleId: string }[];
  /** Resources the scan is limited to; null: whole units. */
  readonly resources: readonly string[] | null;
  /** Label key by which resources are grouped in teams, when a pack names one. */
  readonly ownerTag: string | null;
  /** The team of a resource that has no such label; absent or null when no pack says. */
  readonly ownerOf?: OwnerOf | null;
  /** The one scope that a lane holds and writes; absent: the scan's owner writes. */
  readonly lane?: ScopeHold;
}

/** Findings that a unit's reading says nothing of, though their rules ran: of tags that are still there and could not be judged. */
export interface SparedFindings {
  /** `pack/rule` of every rule that could not judge something. */
  readonly rules: readonly string[];
  /** Each once; names as the connector gave them. */
  tags(): Iterable<SparedTag>;
}
export interface SparedTag {
  /** `pack/rule` */
  readonly rule: string;
  readonly resource: string;
  /** null: what has no tag. undefined: the resource with all its tags. */
  readonly tag: string | null | undefined;
}

/** Writes what one scan reads. Memory is bounded by 16 bytes a row seen, not by rows. */
export interface ScanSession {
  /** Upserts inventory; a row that did not change is not written. */
  recordResources(unit: ReadUnit, resources: readonly Resource[]): Promise<void>;
  /**
   * What the inventory itself has seen of the pointers of resources just recorded, in the order given: one for each tag of each resource.
   * Reads only for the facts asked for (`firstSeen`, `was`, `elsewhere`); the others are left out.
   */
  history(
    resources: readonly Resource[],
    facts: ReadonlySet<PointerFact>,
  ): Promise<readonly (readonly PointerHistory[])[]>;
  /** Opens, keeps or re-opens findings by fingerprint; an unchanged one is not written. Suppressed ones stay suppressed until their time is over. */
  recordFindings(
    unit: ReadUnit,
    findings: readonly (DetectedFinding & { readonly id: string })[],
  ): Promise<void>;
  /**
   * Tags of the unit (limited to the request's resources) before this scan, and seen by it: the application judges the drop.
   * `suspected`: the scan before found the drop implausible, too.
   */
  tagCounts(
    unit: ReadUnit,
  ): Promise<{ readonly before: number; readonly seen: number; readonly suspected: boolean }>;
  /** Notes that the unit looked implausibly small; nothing of it changes. `completeUnit` clears the note. */
  suspectUnit(unit: ReadUnit): Promise<void>;
  /** The unit was read as a whole: what was not seen is gone, and findings of the run rules that were not found are resolved, but for spared ones. */
  completeUnit(unit: ReadUnit, spared?: SparedFindings): Promise<void>;
  /**
   * Parts of the target in other scopes than those told of, as far as something of them is still there. `before`: tags of the target before
   * this scan, without those of such parts that an earlier scan missed, too; `seen`: its tags when these parts are gone.
   */
  countOtherScopes(
    told: ReadonlySet<string>,
  ): Promise<{ readonly parts: number; readonly before: number; readonly seen: number }>;
  /** Notes that these parts were missed; nothing of them changes. */
  suspectOtherScopes(told: ReadonlySet<string>): Promise<void>;
  /** These scopes are gone: as `completeUnit` of each, with nothing seen. */
  completeOtherScopes(told: ReadonlySet<string>): Promise<void>;
  /** Resolves open findings of rules that no stored pack holds any more (`evidence.resolvedBecause`), and counts the outcome. */
  finish(
    storedRules: readonly { readonly rulePack: string; readonly ruleId: string }[],
  ): Promise<FindingCounts>;
}

/** What the inventory adds to what a connector says of a pointer. */
export type PointerHistory = Pick<PointerFacts, 'firstSeenAt' | 'was' | 'cameBack' | 'elsewhere'>;

export interface FindingStore {
  find(id: string): Promise<FindingRecord | null>;
  /**
   * null when there is none, or it is not among the visible targets. A suppression without an end accepts the move that a finding tells of
   * (`evidence.pointerMove.to`), when the name still points there: it is what the name is known by from now on.
   */
  suppress(id: string, suppression: Suppression, visible: Visible): Promise<FindingRecord | null>;
  /** Open findings that match become SUPPRESSED, moves accepted as by `suppress`; how many, and of which targets. */
  suppressAll(
    filter: FindingFilter,
    suppression: Suppression,
    visible: Visible,
  ): Promise<{ readonly count: number; readonly targetIds: readonly string[] }>;
  unsuppress(id: string, visible: Visible): Promise<FindingRecord | null>;
  /** Suppressions whose time is over: their findings are OPEN again; the targets touched. */
  expireSuppressions(now: Date): Promise<readonly string[]>;
}

export interface AuditStore {
  /** Appends one link within the running transaction; chaining serialises on the head row. */
  append(event: {
    actor: string;
    action: string;
    subject: string;
    details: JsonObject;
    at: Date;
  }): Promise<AuditEvent>;
  head(): Promise<{ readonly sequence: number; readonly hash: string }>;
  /** All events from `afterSequence`, in order, in bounded memory. */
  stream(afterSequence: number): AsyncIterable<AuditEvent>;
}

export interface ApiTokenStore {
  /** Throws NAME_TAKEN. */
  insert(token: {
    name: string;
    prefix: string;
    hash: string;
    scopes: readonly Scope[];
    targetIds: readonly string[] | null;
    expiresAt: Date | null;
  }): Promise<ApiTokenRecord>;
  /** By the SHA-256 (hex) of the token; revoked ones are not found. */
  findByHash(hash: string): Promise<ApiTokenRecord | null>;
  find(id: string): Promise<ApiTokenRecord | null>;
  /** At most once a minute per token. */
  touch(id: string, at: Date): Promise<void>;
  revoke(id: string): Promise<boolean>;
}

export interface ReportStore {
  insert(report: {
    from: Date;
    to: Date;
    targetIds: readonly string[] | null;
    formats: readonly ReportFormat[];
    createdBy: string;
  }): Promise<ReportRecord>;
  find(id: string): Promise<ReportRecord | null>;
  ready(
    id: string,
    outcome: {
      score: number | null;
      auditHead: string;
      totals: ReportRecord['totals'];
      files: readonly ReportFileRecord[];
    },
  ): Promise<ReportRecord>;
  failed(id: string, error: string): Promise<ReportRecord>;
  /** Ids of reports that are neither READY nor FAILED, oldest first: each needs a job. */
  unfinished(): Promise<readonly string[]>;
}

/** Content facts that outlive processes. Which facts are in use is noted once a week at most. */
export interface ContentStore extends ContentFacts {
  /** Forgets what nobody asked for since then; how many that were. What is forgotten is read again when it is wanted. */
  trim(notUsedSince: Date): Promise<number>;
}

/** Idempotency keys of mutations: the first use decides. */
export interface IdempotencyStore {
  /** The id stored under the key by an earlier call with the same request hash; another hash throws IDEMPOTENCY_KEY_REUSED. */
  find(key: { subject: string; operation: string; key: string; requestHash: string }): Promise<string | null>;
  put(key: {
    subject: string;
    operation: string;
    key: string;
    requestHash: string;
    resultId: string;
  }): Promise<void>;
  /** Forgets keys first used before then; how many that were. */
  trim(before: Date): Promise<number>;
}
