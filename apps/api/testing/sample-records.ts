import type {
  AdmissionRecord,
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
  WebhookDeliveryRecord,
  WebhookRecord,
} from '#application';
import type { TagExplanation } from '#core';

const at = new Date('2026-03-01T08:00:00Z');

export const sampleAdmission: AdmissionRecord = {
  findings: [
    {
      ruleId: 'names',
      rulePack: 'acme',
      severity: 'medium',
      resource: 'acme/app',
      tag: 'wip',
      message: 'The name "wip" is not allowed.',
      suggestion: null,
    },
  ],
  worst: 'medium',
  notEvaluated: [{ rulePack: 'acme', ruleId: 'signed', needs: 'whether it is signed', resources: 1 }],
  rulePacks: [{ name: 'acme', version: 3 }],
};

export const sampleExplanation: TagExplanation = {
  ...{ resource: 'acme/app', name: 'wip', decision: 'KEEP', reason: 'It is protected.' },
  ...{ removable: true, freesContent: false },
  verdicts: [{ ruleId: null, rulePack: 'acme', decision: 'KEEP', reason: 'It is protected.' }],
  blockers: [{ code: 'PROTECTED', message: 'It is protected.', references: ['acme/protect/0'], hard: true }],
  steps: [{ action: 'lift-protection', subject: 'acme/protect/0', destroys: 'nothing', command: null }],
};

export const sampleTarget = (id: string): TargetRecord => ({
  id,
  name: `account-${id}`,
  platform: 'ec2',
  location: 'eu-west-1',
  config: { regions: ['eu-west-1'], platform: 'stays lower' },
  credentialId: 'c1',
  rulePacks: null,
  mode: 'READ_ONLY',
  labels: [{ key: 'team', value: 'payments' }],
  capabilities: [{ name: 'list', supported: true, declared: true, detail: null, checkedAt: at }],
  createdAt: at,
  openFindings: 3,
  hygieneScore: 72.5,
});

export const sampleCredential: CredentialRecord = {
  id: 'c1',
  name: 'reader',
  kind: 'AWS_ACCESS_KEY',
  createdAt: at,
  rotatedAt: null,
  lastUsedAt: at,
};

export const samplePack: RulePackRecord = {
  id: 'p3',
  name: 'labels',
  version: 3,
  document: 'pack: labels\n',
  rules: [
    {
      key: 'spelling',
      title: 'Spelling',
      kind: 'key-spelling',
      platforms: ['ec2'],
      severity: 'high',
      fixable: true,
    },
  ],
  createdAt: at,
  createdBy: 'token:ci',
};

export const sampleScan = (id: string, targetId: string): ScanRecord => ({
  id,
  targetId,
  status: 'SUCCEEDED',
  trigger: 'MANUAL',
  rulePacks: [{ name: 'labels', version: 3 }],
  scopes: null,
  progress: { done: 1, total: null },
  resources: 2,
  tags: 4,
  counts: {
    open: 1,
    new: 1,
    resolved: 0,
    bySeverity: [{ name: 'high', count: 1 }],
    byRule: [{ name: 'labels/spelling', count: 1 }],
  },
  notEvaluated: [{ rulePack: 'labels', ruleId: 'old', needs: 'a date', resources: 1 }],
  errors: [{ code: 'REMOTE_FORBIDDEN', message: 'Not allowed.', scope: 'eu-west-1', retryable: false }],
  queuedAt: at,
  startedAt: at,
  finishedAt: null,
});

export const sampleFinding = (id: string, targetId: string): FindingRecord => ({
  id,
  targetId,
  scope: '123456789012/eu-west-1',
  rulePack: 'labels',
  ruleId: 'spelling',
  severity: 'high',
  state: 'OPEN',
  resource: `i-${id}`,
  resourceType: 'instance',
  tag: 'enviroment',
  value: '=cmd|calc',
  message: 'The key "enviroment" looks like "environment".',
  suggestion: 'Rename it.',
  changes: [],
  fixable: true,
  blocked: false,
  fixAtSource: null,
  flapping: false,
  timesReopened: 0,
  evidence: { severity: 'as it was' },
  firstSeenAt: at,
  lastSeenAt: at,
  resolvedAt: null,
  suppression: null,
});

export const sampleStat: Stat = { group: 'labels/spelling', open: 3, new: 2, resolved: 1, score: null };
export const sampleScorePoint: ScorePoint = { at, score: 87.5, open: 3 };

export const sampleTag = (id: string, targetId: string): TagRecord => ({
  id,
  targetId,
  scope: '123456789012/eu-west-1',
  resource: 'i-1',
  resourceType: 'instance',
  name: 'owner',
  value: 'payments',
  digest: null,
  peeled: null,
  annotated: null,
  createdAt: null,
  firstSeenAt: at,
  lastSeenAt: at,
  moves: [],
});

export const sampleResource = (id: string, targetId: string): ResourceRecord => ({
  id,
  targetId,
  scope: '123456789012/eu-west-1',
  resource: `i-${id}`,
  resourceType: 'instance',
  team: 'payments',
  createdAt: null,
  lastSeenAt: at,
  bytes: null,
  layers: null,
  containers: null,
  manifests: null,
  children: null,
});

export const sampleManifest = (digest: string): ManifestRecord => ({
  digest,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  artifactType: null,
  createdAt: at,
  bytes: 3_000_000_000,
  layers: 12,
  platforms: ['linux/amd64', 'linux/arm64/v8'],
  children: ['sha256:child'],
  subject: null,
});

export const sampleReport = (id: string, file: { bytes: number; sha256: string }): ReportRecord => ({
  id,
  status: 'READY',
  error: null,
  from: at,
  to: new Date('2026-03-08T08:00:00Z'),
  targetIds: null,
  formats: ['HTML', 'XLSX'],
  createdAt: at,
  score: 90,
  auditHead: 'a'.repeat(64),
  totals: [{ name: 'open', count: 3 }],
  files: [
    { format: 'HTML', ...file },
    { format: 'XLSX', bytes: 4, sha256: 'c'.repeat(64) },
  ],
});

export const sampleAuditEvent = (sequence: number): AuditEvent => ({
  sequence,
  at,
  actor: 'token:ci',
  action: 'scan.start',
  subject: 'target:t1',
  details: {},
  hash: 'b'.repeat(64),
  previousHash: '0'.repeat(64),
});

export const sampleSchedule: ScheduleRecord = {
  id: 'sc1',
  name: 'weekly',
  cron: '0 6 * * 1',
  timezone: 'Europe/Berlin',
  targetIds: null,
  labels: [{ key: 'env', value: 'production' }],
  report: true,
  trigger: 'SCHEDULE',
  enabled: true,
  nextRunAt: new Date('2026-03-09T05:00:00Z'),
  lastRunAt: null,
};

export const sampleChannel = (id: string): NotificationChannelRecord => ({
  id,
  name: `platform-${id}`,
  kind: 'WEBHOOK',
  events: ['SCAN_DONE', 'SCORE_FALLEN'],
  enabled: true,
  address: 'https://hooks.example.test/…',
  createdAt: at,
});

export const sampleDelivery = (id: string): DeliveryRecord => ({
  id,
  at,
  event: 'SCAN_DONE',
  status: 'QUEUED',
  attempts: 2,
  responseCode: 500,
  error: 'It answered 500.',
  scanIds: ['s1'],
});

export const sampleToken: ApiTokenRecord = {
  id: 'k1',
  name: 'ci',
  prefix: 'twd_abcd',
  scopes: ['READ', 'SCAN'],
  targetIds: null,
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
};

export const sampleWebhook = (id: string): WebhookRecord => ({
  id,
  name: `hook-${id}`,
  kind: 'GITHUB',
  targetIds: ['t1'],
  topicArn: null,
  createdAt: at,
  lastDeliveryAt: at,
  previousSecretUntil: null,
  refusedDeliveries: 2,
});

export const sampleWebhookDelivery = (webhookId: string): WebhookDeliveryRecord => ({
  id: `d-${webhookId}`,
  webhookId,
  at,
  event: 'push',
  status: 'ACCEPTED',
  attempts: 1,
  responseCode: 202,
  error: null,
  scanIds: ['s1'],
});
