import type {
  ApiTokenRecord,
  AuditEvent,
  CredentialRecord,
  DeliveryRecord,
  FindingRecord,
  ManifestRecord,
  NotificationChannelRecord,
  ReportRecord,
  ResourceRecord,
  RulePackRecord,
  ScanRecord,
  ScheduleRecord,
  ScorePoint,
  Stat,
  TagRecord,
  TargetRecord,
} from '#application';
import type { Diagnostic } from '#core';
import type { z } from 'zod';
import { UNKNOWN_FACTS } from '../features/inventory/resource-facts.js';
import { rulesOf } from '../features/rule-packs/rules-of.js';
import type * as answers from './answers.js';
import type { Beside } from './beside.js';

/** Records as REST writes them: the contract's names and spelling, dates as text, nothing that is not listed. */
const upper = <V extends string>(value: V) => value.toUpperCase() as Uppercase<V>;
const iso = (date: Date) => date.toISOString();
const isoOrNull = (date: Date | null) => date?.toISOString() ?? null;

type Answer<T extends z.ZodType> = z.input<T>;

export function presentTarget(record: TargetRecord): Answer<typeof answers.target> {
  return {
    id: record.id,
    name: record.name,
    platform: upper(record.platform),
    location: record.location,
    config: { ...record.config },
    credentialId: record.credentialId,
    rulePacks: record.rulePacks === null ? null : [...record.rulePacks],
    mode: record.mode,
    labels: record.labels.map(({ key, value }) => ({ key, value })),
    capabilities: record.capabilities.map(({ name, supported, declared, detail, checkedAt }) => ({
      name,
      supported,
      declared,
      detail,
      checkedAt: isoOrNull(checkedAt),
    })),
    createdAt: iso(record.createdAt),
    openFindings: record.openFindings,
    hygieneScore: record.hygieneScore,
  };
}

export function presentCredential(record: CredentialRecord): Answer<typeof answers.credential> {
  return {
    id: record.id,
    name: record.name,
    kind: record.kind,
    createdAt: iso(record.createdAt),
    rotatedAt: isoOrNull(record.rotatedAt),
    lastUsedAt: isoOrNull(record.lastUsedAt),
  };
}

export function presentRulePack(record: RulePackRecord): Answer<typeof answers.rulePack> {
  return {
    id: record.id,
    name: record.name,
    version: record.version,
    document: record.document,
    rules: rulesOf(record).map((rule) => ({
      id: rule.id,
      key: rule.key,
      title: rule.title,
      kind: rule.kind,
      platforms: rule.platforms.map(upper),
      severity: upper(rule.severity),
      fixable: rule.fixable,
    })),
    createdAt: iso(record.createdAt),
    createdBy: record.createdBy,
  };
}

export function presentDiagnostic(diagnostic: Diagnostic): Answer<typeof answers.diagnostic> {
  const { message, line, column, path } = diagnostic;
  return { message, line, column, path, severity: upper(diagnostic.severity) };
}

export function presentScan(record: ScanRecord): Answer<typeof answers.scan> {
  const { counts } = record;
  return {
    id: record.id,
    targetId: record.targetId,
    status: record.status,
    trigger: record.trigger,
    rulePacks: record.rulePacks.map(({ name, version }) => ({ name, version })),
    scopes: record.scopes === null ? null : [...record.scopes],
    progress: { done: record.progress.done, total: record.progress.total },
    resources: record.resources,
    tags: record.tags,
    counts: { ...counts, bySeverity: [...counts.bySeverity], byRule: [...counts.byRule] },
    notEvaluated: record.notEvaluated.map((entry) => ({ ...entry })),
    errors: record.errors.map(({ code, message, scope, retryable }) => ({ code, message, scope, retryable })),
    queuedAt: iso(record.queuedAt),
    startedAt: isoOrNull(record.startedAt),
    finishedAt: isoOrNull(record.finishedAt),
  };
}

export function presentFinding(record: FindingRecord): Answer<typeof answers.finding> {
  const { suppression } = record;
  return {
    id: record.id,
    targetId: record.targetId,
    scope: record.scope,
    ruleId: record.ruleId,
    rulePack: record.rulePack,
    severity: upper(record.severity),
    state: record.state,
    resource: record.resource,
    resourceType: record.resourceType,
    tag: record.tag,
    value: record.value,
    message: record.message,
    suggestion: record.suggestion,
    fixable: record.fixable,
    blocked: record.blocked,
    fixAtSource: record.fixAtSource,
    flapping: record.flapping,
    timesReopened: record.timesReopened,
    evidence: { ...record.evidence },
    firstSeenAt: iso(record.firstSeenAt),
    lastSeenAt: iso(record.lastSeenAt),
    resolvedAt: isoOrNull(record.resolvedAt),
    suppression:
      suppression === null
        ? null
        : {
            reason: suppression.reason,
            by: suppression.by,
            at: iso(suppression.at),
            until: isoOrNull(suppression.until),
          },
  };
}

export function presentTag(
  record: TagRecord,
  { manifests }: Pick<Beside, 'manifests'>,
): Answer<typeof answers.tag> {
  const manifest = record.digest === null ? undefined : manifests.get(record.digest);
  return {
    id: record.id,
    targetId: record.targetId,
    scope: record.scope,
    resource: record.resource,
    resourceType: record.resourceType,
    name: record.name,
    value: record.value,
    digest: record.digest,
    peeled: record.peeled,
    annotated: record.annotated,
    createdAt: isoOrNull(record.createdAt),
    firstSeenAt: iso(record.firstSeenAt),
    lastSeenAt: iso(record.lastSeenAt),
    manifest: manifest === undefined ? null : presentManifest(manifest),
    moves: record.moves.map(({ at, from, to }) => ({ at: iso(at), from, to })),
  };
}

function presentManifest(record: ManifestRecord): NonNullable<Answer<typeof answers.tag>['manifest']> {
  return {
    digest: record.digest,
    mediaType: record.mediaType,
    artifactType: record.artifactType,
    createdAt: isoOrNull(record.createdAt),
    bytes: record.bytes,
    layers: record.layers,
    platforms: [...record.platforms],
    children: [...record.children],
    subject: record.subject,
  };
}

export function presentResource(
  record: ResourceRecord,
  { digests }: Pick<Beside, 'digests'>,
): Answer<typeof answers.resource> {
  return {
    id: record.id,
    targetId: record.targetId,
    scope: record.scope,
    resource: record.resource,
    resourceType: record.resourceType,
    team: record.team,
    createdAt: isoOrNull(record.createdAt),
    lastSeenAt: iso(record.lastSeenAt),
    digests: [...(digests.get(record.id) ?? [])],
    bytes: record.bytes,
    layers: record.layers,
    containers: record.containers,
    manifests: record.manifests,
    children: record.children,
    ...UNKNOWN_FACTS,
  };
}

export function presentStat({ group, open, new: found, resolved, score }: Stat) {
  return { group, open, new: found, resolved, score };
}

export function presentScorePoint({ at, score, open }: ScorePoint) {
  return { at: iso(at), score, open };
}

export function presentReport(
  record: ReportRecord,
  { links }: Pick<Beside, 'links'>,
): Answer<typeof answers.report> {
  return {
    id: record.id,
    status: record.status,
    error: record.error,
    from: iso(record.from),
    to: iso(record.to),
    targetIds: record.targetIds === null ? null : [...record.targetIds],
    formats: [...record.formats],
    createdAt: iso(record.createdAt),
    score: record.score,
    auditHead: record.auditHead,
    totals: record.totals.map(({ name, count }) => ({ name, count })),
    files: links.filesOf(record).map(({ format, url, bytes, sha256 }) => ({ format, url, bytes, sha256 })),
  };
}

export function presentSchedule(record: ScheduleRecord): Answer<typeof answers.schedule> {
  return {
    id: record.id,
    name: record.name,
    cron: record.cron,
    timezone: record.timezone,
    targetIds: [...(record.targetIds ?? [])],
    labels: record.labels.map(({ key, value }) => ({ key, value })),
    report: record.report,
    remediation: null,
    enabled: record.enabled,
    nextRunAt: isoOrNull(record.nextRunAt),
    lastRunAt: isoOrNull(record.lastRunAt),
  };
}

export function presentAuditEvent(event: AuditEvent): Answer<typeof answers.auditEvent> {
  return {
    sequence: event.sequence,
    at: iso(event.at),
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    details: { ...event.details },
    hash: event.hash,
    previousHash: event.previousHash,
  };
}

export function presentNotificationChannel(
  record: NotificationChannelRecord,
): Answer<typeof answers.notificationChannel> {
  const { id, name, kind, events, enabled, address } = record;
  return { id, name, kind, events: [...events], enabled, address, createdAt: iso(record.createdAt) };
}

export function presentDelivery(record: DeliveryRecord): Answer<typeof answers.delivery> {
  const { id, event, status, attempts, responseCode, error } = record;
  return {
    id,
    at: iso(record.at),
    event,
    status,
    attempts,
    responseCode,
    error,
    scanIds: [...record.scanIds],
  };
}

export function presentApiToken(record: ApiTokenRecord): Answer<typeof answers.apiToken> {
  return {
    id: record.id,
    name: record.name,
    prefix: record.prefix,
    scopes: [...record.scopes],
    targetIds: record.targetIds === null ? null : [...record.targetIds],
    createdAt: iso(record.createdAt),
    expiresAt: isoOrNull(record.expiresAt),
    lastUsedAt: isoOrNull(record.lastUsedAt),
  };
}
