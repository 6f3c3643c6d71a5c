import { CREDENTIAL_KINDS, PLATFORMS, SEVERITIES } from '#core';
import { z } from 'zod';
import { SCOPES } from '../records/access.js';
import { FINDING_ORDERS, FINDING_STATES } from '../records/finding.js';
import { CHANNEL_KINDS, NOTIFICATION_EVENTS } from '../records/notification.js';
import { REPORT_FORMATS } from '../records/report.js';
import { SCAN_STATUSES } from '../records/scan.js';
import { STAT_GROUPS } from '../records/stat.js';
import { TARGET_MODES } from '../records/target.js';
import { WEBHOOK_KINDS } from '../records/webhook.js';

/** GraphQL says absent as null, REST by leaving out: both are undefined inside. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => (value === null ? undefined : value));

/** Query strings give one value or several; bodies and GraphQL give lists. */
const list = <T extends z.ZodType>(item: T, max = 1_000) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item).max(max));

/** The API writes EC2 and HIGH, rule packs write ec2 and high: either is taken, the lower case is kept. */
const caseless = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    z.enum(values).meta({ enum: values.map((value) => value.toUpperCase()) }),
  );
const truth = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);
const date = z
  .preprocess(
    (value) => (value instanceof Date ? value.toISOString() : value),
    z.iso.datetime({ offset: true, error: 'expected an RFC 3339 date and time, like 2026-01-31T00:00:00Z' }),
  )
  .transform((text) => new Date(text))
  .refine(isStorable, 'expected a date of the years 1 to 9999 in UTC');

/** An offset can carry a date beyond the years that RFC 3339 writes and PostgreSQL reads. */
function isStorable(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9_999;
}

/** Query strings give digits, bodies and GraphQL numbers; nothing else passes for one. */
const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER, tooMuch?: string) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value),
    z.number().int().min(min).max(max, tooMuch),
  );
const MAX_VERSION = 2 ** 31 - 1;
/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]{5,30}:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;

const text = (max: number) => z.string().trim().min(1).max(max);
const name = text(200);
const id = z.string().min(1).max(200);
const label = z.strictObject({ key: text(128), value: z.string().max(256) });
const config = z.record(z.string(), z.unknown());
const reason = text(1_000);
const document = z.string().max(1_048_576, 'a document is at most 1 MiB');
const packName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes, 63 at most');
const idempotencyKey = optional(text(255));

export const page = {
  first: whole(1, 200, 'at most 200 rows a page').default(50),
  after: optional(z.string().max(2_000)),
};
const findingFilter = {
  targetIds: optional(list(id)),
  platforms: optional(list(caseless(PLATFORMS))),
  ruleIds: optional(list(id)),
  rulePacks: optional(list(id)),
  severities: optional(list(caseless(SEVERITIES))),
  states: optional(list(z.enum(FINDING_STATES))),
  labels: optional(z.array(label).max(50)),
  teams: optional(list(z.string().max(256))),
  resources: optional(list(z.string().max(2_000))),
  tags: optional(list(z.string().max(2_000))),
  scanId: optional(id),
  search: optional(z.string().max(200)),
  fixable: optional(truth),
  flapping: optional(truth),
};
const period = { from: optional(date), to: optional(date) };
/** An address has it in lower case. */
const reportFormat = z.preprocess(
  (value) => (typeof value === 'string' ? value.toUpperCase() : value),
  z.enum(REPORT_FORMATS),
);
const DAY_S = 86_400;
const targetFields = {
  credentialId: optional(id),
  rulePacks: optional(list(packName, 100)),
  labels: optional(z.array(label).max(50)),
  ec2: optional(config),
  git: optional(config),
  registry: optional(config),
  docker: optional(config),
};
const byId = z.strictObject({ id });
const TAGS_MISSING = 'expected an object of keys and values, or a list of names';
const PROPOSED_TAGS = {
  description:
    'ec2: an object of keys and values. Else a list of names, or of objects with `name` and facts.',
  anyOf: [
    { type: 'object', additionalProperties: { type: 'string' } },
    {
      type: 'array',
      items: {
        anyOf: [
          { type: 'string' },
          { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        ],
      },
    },
  ],
};

/** What each operation takes, as GraphQL arguments flattened: `input: {…}` and `filter: {…}` are spread into one object. */
export const INPUTS = {
  nothing: z.strictObject({}),
  byId,
  page: z.strictObject(page),
  targets: z.strictObject({
    search: optional(z.string().max(200)),
    platforms: optional(list(caseless(PLATFORMS))),
    labels: optional(z.array(label).max(50)),
    ...page,
  }),
  createTarget: z.strictObject({ name, mode: z.enum(TARGET_MODES).default('READ_ONLY'), ...targetFields }),
  updateTarget: z.strictObject({
    id,
    name: optional(name),
    mode: optional(z.enum(TARGET_MODES)),
    ...targetFields,
  }),
  createCredential: z.strictObject({ name, kind: z.enum(CREDENTIAL_KINDS), secret: config }),
  rotateCredential: z.strictObject({ id, secret: config }),
  rulePack: z.strictObject({ name: packName, version: optional(whole(1, MAX_VERSION)) }),
  document: z.strictObject({ document }),
  putRulePack: z.strictObject({
    name: packName,
    document,
    expectedVersion: optional(whole(0, MAX_VERSION)),
  }),
  packName: z.strictObject({ name: packName }),
  checkTags: z.strictObject({
    platform: caseless(PLATFORMS),
    target: optional(name),
    resource: z.string().min(1).max(2_000),
    resourceType: optional(text(200)),
    tags: z
      .unknown()
      .refine((tags) => tags !== undefined && tags !== null, TAGS_MISSING)
      .meta(PROPOSED_TAGS),
    rulePacks: optional(list(packName, 100)),
  }),
  explainTag: z
    .strictObject({
      targetId: id,
      reference: optional(text(2_000)),
      resource: optional(z.string().min(1).max(2_000)),
      name: optional(z.string().min(1).max(2_000)),
    })
    .refine(({ reference, resource }) => (reference === undefined) !== (resource === undefined), {
      path: ['reference'],
      error: 'expected either a reference, or a resource and the name of its tag',
    })
    .refine(({ reference, name: tag }) => reference === undefined || tag === undefined, {
      path: ['name'],
      error: 'goes with a resource; a reference says the name itself',
    }),
  scans: z.strictObject({ targetId: optional(id), status: optional(z.enum(SCAN_STATUSES)), ...page }),
  startScan: z.strictObject({
    targetId: id,
    rulePacks: optional(list(packName, 100)),
    resources: optional(list(z.string().min(1).max(2_000))),
    idempotencyKey,
  }),
  findings: z.strictObject({
    ...findingFilter,
    orderBy: z.enum(FINDING_ORDERS).default('SEVERITY_DESC'),
    ...page,
  }),
  findingStats: z.strictObject({ ...findingFilter, groupBy: z.enum(STAT_GROUPS), ...period }),
  scoreHistory: z.strictObject({ targetId: optional(id), ...period }),
  suppressFinding: z.strictObject({ id, reason, until: optional(date) }),
  suppressFindings: z.strictObject({ filter: z.strictObject(findingFilter), reason, until: optional(date) }),
  tags: z.strictObject({
    targetIds: optional(list(id)),
    platforms: optional(list(caseless(PLATFORMS))),
    resource: optional(z.string().max(2_000)),
    name: optional(z.string().max(2_000)),
    value: optional(z.string().max(2_000)),
    digest: optional(z.string().max(300)),
    search: optional(z.string().max(200)),
    ...page,
  }),
  resources: z.strictObject({
    targetIds: optional(list(id)),
    platforms: optional(list(caseless(PLATFORMS))),
    resourceTypes: optional(list(z.string().max(200))),
    resource: optional(z.string().max(2_000)),
    search: optional(z.string().max(200)),
    tagged: optional(truth),
    removable: optional(truth),
    ...page,
  }),
  generateReport: z.strictObject({
    ...period,
    targetIds: optional(list(id)),
    formats: optional(list(z.enum(REPORT_FORMATS), REPORT_FORMATS.length)),
  }),
  upsertSchedule: z.strictObject({
    name,
    cron: text(200),
    timezone: z.string().max(100).default('UTC'),
    targetIds: optional(list(id)),
    labels: optional(z.array(label).max(50)),
    remediation: optional(config),
    report: truth.default(false),
    enabled: truth.default(true),
  }),
  signReportFile: z.strictObject({
    id,
    format: reportFormat,
    expiresInSeconds: whole(1, DAY_S, 'a link works for a day at most').default(900),
  }),
  auditEvents: z.strictObject({ subject: optional(z.string().max(500)), ...page }),
  verifyAuditLog: z.strictObject({
    expectedSequence: optional(whole(0)),
    expectedHead: optional(z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')),
  }),
  deliveries: z.strictObject({ id, ...page }),
  upsertNotificationChannel: z.strictObject({
    name,
    kind: z.enum(CHANNEL_KINDS),
    events: list(z.enum(NOTIFICATION_EVENTS), 50),
    enabled: optional(truth).transform((enabled) => enabled ?? true),
    address: text(2_000),
    secret: optional(z.string().max(200)),
  }),
  apiTokens: z.strictObject({ search: optional(z.string().max(200)), ...page }),
  createApiToken: z.strictObject({
    name,
    scopes: z.array(z.enum(SCOPES)).min(1, 'a token needs at least one scope'),
    targetIds: optional(list(id)),
    expiresAt: optional(date),
  }),
  pageOf: z.strictObject({ id, ...page }),
  createWebhook: z.strictObject({
    name,
    kind: z.enum(WEBHOOK_KINDS),
    targetIds: list(id, 100).refine((ids) => ids.length > 0, 'expected at least one target'),
    secret: optional(z.string().max(200)),
    topicArn: optional(
      z
        .string()
        .regex(TOPIC_ARN, 'expected the ARN of a topic, like arn:aws:sns:eu-west-1:123456789012:images'),
    ),
  }),
} as const;
