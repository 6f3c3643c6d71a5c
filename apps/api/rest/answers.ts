import {
  AUTH_SOURCES,
  CHANNEL_KINDS,
  FINDING_STATES,
  NOTIFICATION_EVENTS,
  REPORT_FORMATS,
  REPORT_STATUSES,
  SCAN_STATUSES,
  SCAN_TRIGGERS,
  SCOPES,
  TARGET_MODES,
  WEBHOOK_DELIVERY_STATUSES,
  WEBHOOK_KINDS,
} from '#application';
import { CREDENTIAL_KINDS, PLATFORMS, SEVERITIES } from '#core';
import { z } from 'zod';

export * from './judging-answers.js';

/** What REST answers, in the contract's spelling. Presenters are typed by these, OpenAPI is made from them, tests parse with them. */
const date = z.iso.datetime();
const nullableDate = date.nullable();
const text = z.string();
const nullableText = text.nullable();
const count = z.int();
const json = z.record(z.string(), z.unknown());
const upper = <const V extends string>(values: readonly V[]) =>
  z.enum(values.map((value) => value.toUpperCase()) as Uppercase<V>[]);
const platform = upper(PLATFORMS);
const severity = upper(SEVERITIES);
const named = <T extends z.ZodType>(id: string, schema: T): T => schema.meta({ id });

const label = z.strictObject({ key: text, value: text });
const counted = z.strictObject({ name: text, count });
const packRef = z.strictObject({ name: text, version: count });

export const viewer = named(
  'Viewer',
  z.strictObject({
    subject: text,
    source: z.enum(AUTH_SOURCES),
    scopes: z.array(z.enum(SCOPES)),
    targetIds: z.array(text).nullable(),
  }),
);

export const target = named(
  'Target',
  z.strictObject({
    id: text,
    name: text,
    platform,
    location: text,
    config: json,
    credentialId: nullableText,
    rulePacks: z.array(text).nullable(),
    mode: z.enum(TARGET_MODES),
    labels: z.array(label),
    capabilities: z.array(
      z.strictObject({
        name: text,
        supported: z.boolean(),
        declared: z.boolean(),
        detail: nullableText,
        checkedAt: nullableDate,
      }),
    ),
    createdAt: date,
    openFindings: count,
    hygieneScore: z.number().nullable(),
  }),
);

export const credential = named(
  'Credential',
  z.strictObject({
    id: text,
    name: text,
    kind: z.enum(CREDENTIAL_KINDS),
    createdAt: date,
    rotatedAt: nullableDate,
    lastUsedAt: nullableDate,
  }),
);

export const rulePack = named(
  'RulePack',
  z.strictObject({
    id: text,
    name: text,
    version: count,
    document: text,
    rules: z.array(
      z.strictObject({
        id: text,
        key: text,
        title: text,
        kind: text,
        platforms: z.array(platform),
        severity,
        fixable: z.boolean(),
      }),
    ),
    createdAt: date,
    createdBy: text,
  }),
);

export const diagnostic = named(
  'Diagnostic',
  z.strictObject({
    message: text,
    line: count.nullable(),
    column: count.nullable(),
    path: nullableText,
    severity,
  }),
);
export const diagnostics = named('Diagnostics', z.strictObject({ diagnostics: z.array(diagnostic) }));
export const rulePackResult = named(
  'RulePackResult',
  z.strictObject({ rulePack, diagnostics: z.array(diagnostic), fidelity: z.array(z.never()) }),
);

export const scan = named(
  'Scan',
  z.strictObject({
    id: text,
    targetId: text,
    status: z.enum(SCAN_STATUSES),
    trigger: z.enum(SCAN_TRIGGERS),
    rulePacks: z.array(packRef),
    scopes: z.array(text).nullable(),
    progress: z.strictObject({ done: count, total: count.nullable() }),
    resources: count,
    tags: count,
    counts: z.strictObject({
      open: count,
      new: count,
      resolved: count,
      bySeverity: z.array(counted),
      byRule: z.array(counted),
    }),
    notEvaluated: z.array(z.strictObject({ rulePack: text, ruleId: text, needs: text, resources: count })),
    errors: z.array(
      z.strictObject({ code: text, message: text, scope: nullableText, retryable: z.boolean() }),
    ),
    queuedAt: date,
    startedAt: nullableDate,
    finishedAt: nullableDate,
  }),
);

export const finding = named(
  'Finding',
  z.strictObject({
    id: text,
    targetId: text,
    scope: nullableText,
    ruleId: text,
    rulePack: text,
    severity,
    state: z.enum(FINDING_STATES),
    resource: text,
    resourceType: text,
    tag: nullableText,
    value: nullableText,
    message: text,
    suggestion: nullableText,
    fixable: z.boolean(),
    blocked: z.boolean(),
    fixAtSource: nullableText,
    flapping: z.boolean(),
    timesReopened: count,
    evidence: json,
    firstSeenAt: date,
    lastSeenAt: date,
    resolvedAt: nullableDate,
    suppression: z.strictObject({ reason: text, by: text, at: date, until: nullableDate }).nullable(),
  }),
);
export const findingStats = named(
  'FindingStats',
  z.strictObject({
    stats: z.array(
      z.strictObject({
        group: text.meta({
          description:
            "A target's name, a platform, a team (empty: no owner is known), `pack/rule`, a severity, or a label as `key=value`.",
        }),
        open: count,
        new: count,
        resolved: count,
        score: z.number().nullable(),
      }),
    ),
  }),
);
export const scoreHistory = named(
  'ScoreHistory',
  z.strictObject({ points: z.array(z.strictObject({ at: date, score: z.number(), open: count })) }),
);
export const suppressed = named('Suppressed', z.strictObject({ suppressed: count }));

const manifest = z.strictObject({
  digest: text,
  mediaType: text,
  artifactType: nullableText,
  createdAt: nullableDate,
  bytes: z.number().nullable(),
  layers: count.nullable(),
  platforms: z.array(text),
  children: z.array(text),
  subject: nullableText,
});

export const tag = named(
  'TagRecord',
  z.strictObject({
    id: text,
    targetId: text,
    scope: nullableText,
    resource: text,
    resourceType: text,
    name: text,
    value: nullableText,
    digest: nullableText,
    peeled: nullableText,
    annotated: z.boolean().nullable(),
    createdAt: nullableDate,
    firstSeenAt: date,
    lastSeenAt: date,
    manifest: manifest.nullable(),
    moves: z.array(z.strictObject({ at: date, from: nullableText, to: nullableText })),
  }),
);

export const resource = named(
  'ResourceRecord',
  z.strictObject({
    id: text,
    targetId: text,
    scope: nullableText,
    resource: text,
    resourceType: text,
    team: nullableText,
    digests: z.array(text).max(200).meta({ description: 'Where its tags point: the first 200.' }),
    createdAt: nullableDate,
    lastSeenAt: date,
    bytes: z.number().nullable(),
    layers: count.nullable(),
    containers: count.nullable(),
    manifests: count.nullable(),
    children: count.nullable(),
    removable: z.boolean().nullable(),
    freesContent: z.boolean().nullable(),
  }),
);

export const report = named(
  'Report',
  z.strictObject({
    id: text,
    status: z.enum(REPORT_STATUSES),
    error: nullableText,
    from: date,
    to: date,
    targetIds: z.array(text).nullable(),
    formats: z.array(z.enum(REPORT_FORMATS)),
    createdAt: date,
    score: z.number().nullable(),
    auditHead: nullableText,
    totals: z.array(counted),
    files: z.array(
      z.strictObject({ format: z.enum(REPORT_FORMATS), url: z.url(), bytes: z.number(), sha256: text }),
    ),
  }),
);

export const schedule = named(
  'Schedule',
  z.strictObject({
    id: text,
    name: text,
    cron: text,
    timezone: text,
    targetIds: z.array(text).meta({ description: 'Empty together with no labels: every target.' }),
    labels: z.array(label),
    report: z.boolean(),
    remediation: z.null().meta({ description: 'Not offered by this version.' }),
    enabled: z.boolean(),
    nextRunAt: nullableDate,
    lastRunAt: nullableDate,
  }),
);

export const reportFileLink = named('ReportFileLink', z.strictObject({ url: z.url(), expiresAt: date }));

export const auditEvent = named(
  'AuditEvent',
  z.strictObject({
    sequence: z.number(),
    at: date,
    actor: text,
    action: text,
    subject: text,
    details: json,
    hash: text,
    previousHash: text,
  }),
);
export const auditVerification = named(
  'AuditVerification',
  z.strictObject({ ok: z.boolean(), events: z.number(), brokenAt: z.number().nullable(), head: text }),
);

export const notificationChannel = named(
  'NotificationChannel',
  z.strictObject({
    id: text,
    name: text,
    kind: z.enum(CHANNEL_KINDS),
    events: z.array(z.enum(NOTIFICATION_EVENTS)),
    enabled: z.boolean(),
    address: text.meta({ description: 'The mailbox, or where the URL leads without its path.' }),
    createdAt: date,
  }),
);
export const notificationChannels = named(
  'NotificationChannels',
  z.strictObject({ items: z.array(notificationChannel) }),
);
export const delivery = named(
  'Delivery',
  z.strictObject({
    id: text,
    at: date,
    event: text,
    status: text,
    attempts: count,
    responseCode: count.nullable(),
    error: nullableText,
    scanIds: z.array(text),
  }),
);

export const apiToken = named(
  'ApiToken',
  z.strictObject({
    id: text,
    name: text,
    prefix: text,
    scopes: z.array(z.enum(SCOPES)),
    targetIds: z.array(text).nullable(),
    createdAt: date,
    expiresAt: nullableDate,
    lastUsedAt: nullableDate,
  }),
);
export const createdApiToken = named('CreatedApiToken', z.strictObject({ apiToken, token: text }));

export const webhook = named(
  'Webhook',
  z.strictObject({
    id: text,
    name: text,
    kind: z.enum(WEBHOOK_KINDS),
    url: z.url(),
    targetIds: z.array(text),
    topicArn: nullableText,
    createdAt: date,
    lastDeliveryAt: nullableDate,
    previousSecretUntil: nullableDate,
    refusedDeliveries: count,
  }),
);
export const createdWebhook = named('CreatedWebhook', z.strictObject({ webhook, secret: text }));
export const webhookDelivery = named(
  'WebhookDelivery',
  z.strictObject({
    id: text,
    at: date,
    event: text,
    status: z.enum(WEBHOOK_DELIVERY_STATUSES),
    attempts: count,
    responseCode: count.nullable(),
    error: nullableText,
    scanIds: z.array(text),
  }),
);
