import type { Diagnostic, TagExplanation } from '#core';
import type { ApiTokenRecord, Viewer } from '../records/access.js';
import type { AdmissionRecord } from '../records/admission.js';
import type { AuditEvent, AuditVerification } from '../records/audit.js';
import type { CredentialRecord } from '../records/credential.js';
import type { DeliveryRecord } from '../records/delivery.js';
import type { FindingRecord } from '../records/finding.js';
import type { ResourceRecord, TagRecord } from '../records/inventory.js';
import type { NotificationChannelRecord } from '../records/notification.js';
import type { Page } from '../records/page.js';
import type { ScorePoint } from '../records/report-summary.js';
import type { ReportRecord, SignedReportFile } from '../records/report.js';
import type { RulePackRecord } from '../records/rule-pack.js';
import type { ScanRecord } from '../records/scan.js';
import type { ScheduleRecord } from '../records/schedule.js';
import type { Stat } from '../records/stat.js';
import type { TargetRecord } from '../records/target.js';
import type { WebhookDeliveryRecord } from '../records/webhook-delivery.js';
import type { WebhookRecord } from '../records/webhook.js';

export interface RulePackResult {
  /** null when a diagnostic is CRITICAL: nothing was stored. */
  readonly rulePack: RulePackRecord | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly fidelity: readonly never[];
}

export interface CreatedWebhook {
  readonly webhook: WebhookRecord;
  /** Shown this once; empty for a kind that has none. */
  readonly secret: string;
}

/** What each operation gives back. */
export interface OperationOutputs {
  me: Viewer;
  targets: Page<TargetRecord>;
  target: TargetRecord | null;
  createTarget: TargetRecord;
  updateTarget: TargetRecord;
  probeTarget: TargetRecord;
  deleteTarget: boolean;
  credentials: Page<CredentialRecord>;
  createCredential: CredentialRecord;
  rotateCredential: CredentialRecord;
  deleteCredential: boolean;
  rulePacks: Page<RulePackRecord>;
  rulePack: RulePackRecord | null;
  validateRulePack: readonly Diagnostic[];
  putRulePack: RulePackResult;
  deleteRulePack: boolean;
  checkTags: AdmissionRecord;
  explainTag: TagExplanation;
  scans: Page<ScanRecord>;
  scan: ScanRecord | null;
  startScan: ScanRecord;
  cancelScan: ScanRecord;
  findings: Page<FindingRecord>;
  finding: FindingRecord | null;
  findingStats: readonly Stat[];
  scoreHistory: readonly ScorePoint[];
  suppressFinding: FindingRecord;
  suppressFindings: number;
  unsuppressFinding: FindingRecord;
  tags: Page<TagRecord>;
  resources: Page<ResourceRecord>;
  reports: Page<ReportRecord>;
  report: ReportRecord | null;
  generateReport: ReportRecord;
  schedules: Page<ScheduleRecord>;
  upsertSchedule: ScheduleRecord;
  deleteSchedule: boolean;
  signReportFile: SignedReportFile;
  auditEvents: Page<AuditEvent>;
  verifyAuditLog: AuditVerification;
  notificationChannels: readonly NotificationChannelRecord[];
  notificationDeliveries: Page<DeliveryRecord>;
  upsertNotificationChannel: NotificationChannelRecord;
  deleteNotificationChannel: boolean;
  redeliver: DeliveryRecord;
  apiTokens: Page<ApiTokenRecord>;
  createApiToken: { readonly apiToken: ApiTokenRecord; readonly token: string };
  revokeApiToken: boolean;
  webhooks: Page<WebhookRecord>;
  webhook: WebhookRecord | null;
  webhookDeliveries: Page<WebhookDeliveryRecord>;
  createWebhook: CreatedWebhook;
  rotateWebhookSecret: CreatedWebhook;
  deleteWebhook: boolean;
}
export type OperationName = keyof OperationOutputs;
