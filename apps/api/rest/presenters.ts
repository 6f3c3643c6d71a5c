import type { OperationName, OperationOutputs, Page } from '#application';
import { z } from 'zod';
import * as answers from './answers.js';
import type { Beside } from './beside.js';
import * as present from './present.js';
import { presentAdmission, presentExplanation } from './present-judging.js';
import { presentCreatedWebhook, presentWebhookDelivery, presentWebhook } from './present-webhook.js';

/** How one operation answers over REST. A page is presented row by row, so that exports can stream. */
export interface Presenter<N extends OperationName> {
  /** The body of success, or of one row of a page; null: there is none (204). */
  readonly schema: z.ZodType | null;
  /** For a page: one row of it. */
  readonly body: (output: Presented<N>, beside: Beside) => unknown;
}
/** What a presenter gets: one row of a page, and never null (that is 404). */
export type Presented<N extends OperationName> =
  OperationOutputs[N] extends Page<infer Row> ? Row : NonNullable<OperationOutputs[N]>;

const one = <N extends OperationName, T extends z.ZodType>(
  schema: T,
  body: (output: Presented<N>, beside: Beside) => z.input<T>,
): Presenter<N> => ({ schema, body });

const nothing = { schema: null, body: () => undefined };

/** Another operation in the table of operations is a line missing here, and does not compile. */
export const PRESENTERS: { readonly [N in OperationName]: Presenter<N> } = {
  me: one(answers.viewer, (viewer) => ({
    subject: viewer.subject,
    source: viewer.source,
    scopes: [...viewer.scopes],
    targetIds: viewer.targetIds === null ? null : [...viewer.targetIds],
  })),
  targets: one(answers.target, present.presentTarget),
  target: one(answers.target, present.presentTarget),
  createTarget: one(answers.target, present.presentTarget),
  updateTarget: one(answers.target, present.presentTarget),
  probeTarget: one(answers.target, present.presentTarget),
  deleteTarget: nothing,
  credentials: one(answers.credential, present.presentCredential),
  createCredential: one(answers.credential, present.presentCredential),
  rotateCredential: one(answers.credential, present.presentCredential),
  deleteCredential: nothing,
  rulePacks: one(answers.rulePack, present.presentRulePack),
  rulePack: one(answers.rulePack, present.presentRulePack),
  validateRulePack: one(answers.diagnostics, (diagnostics) => ({
    diagnostics: diagnostics.map(present.presentDiagnostic),
  })),
  putRulePack: {
    schema: answers.rulePackResult,
    body: ({ rulePack, diagnostics }) => ({
      rulePack: rulePack === null ? null : present.presentRulePack(rulePack),
      diagnostics: diagnostics.map(present.presentDiagnostic),
      fidelity: [],
    }),
  },
  deleteRulePack: nothing,
  checkTags: one(answers.admission, presentAdmission),
  explainTag: one(answers.tagExplanation, presentExplanation),
  scans: one(answers.scan, present.presentScan),
  scan: one(answers.scan, present.presentScan),
  startScan: one(answers.scan, present.presentScan),
  cancelScan: one(answers.scan, present.presentScan),
  findings: one(answers.finding, present.presentFinding),
  finding: one(answers.finding, present.presentFinding),
  findingStats: one(answers.findingStats, (stats) => ({ stats: stats.map(present.presentStat) })),
  scoreHistory: one(answers.scoreHistory, (points) => ({ points: points.map(present.presentScorePoint) })),
  suppressFinding: one(answers.finding, present.presentFinding),
  suppressFindings: one(answers.suppressed, (suppressed) => ({ suppressed })),
  unsuppressFinding: one(answers.finding, present.presentFinding),
  tags: one(answers.tag, present.presentTag),
  resources: one(answers.resource, present.presentResource),
  reports: one(answers.report, present.presentReport),
  report: one(answers.report, present.presentReport),
  generateReport: one(answers.report, present.presentReport),
  schedules: one(answers.schedule, present.presentSchedule),
  upsertSchedule: one(answers.schedule, present.presentSchedule),
  deleteSchedule: nothing,
  signReportFile: one(answers.reportFileLink, ({ link, expiresAt }, { links }) => ({
    url: links.signedUrlOf(link),
    expiresAt: expiresAt.toISOString(),
  })),
  auditEvents: one(answers.auditEvent, present.presentAuditEvent),
  verifyAuditLog: one(answers.auditVerification, ({ ok, events, brokenAt, head }) => ({
    ok,
    events,
    brokenAt,
    head,
  })),
  notificationChannels: one(answers.notificationChannels, (channels) => ({
    items: channels.map(present.presentNotificationChannel),
  })),
  notificationDeliveries: one(answers.delivery, present.presentDelivery),
  upsertNotificationChannel: one(answers.notificationChannel, present.presentNotificationChannel),
  deleteNotificationChannel: nothing,
  redeliver: one(answers.delivery, present.presentDelivery),
  apiTokens: one(answers.apiToken, present.presentApiToken),
  createApiToken: one(answers.createdApiToken, ({ apiToken, token }) => ({
    apiToken: present.presentApiToken(apiToken),
    token,
  })),
  revokeApiToken: nothing,
  webhooks: one(answers.webhook, presentWebhook),
  webhook: one(answers.webhook, presentWebhook),
  webhookDeliveries: one(answers.webhookDelivery, presentWebhookDelivery),
  createWebhook: one(answers.createdWebhook, presentCreatedWebhook),
  rotateWebhookSecret: one(answers.createdWebhook, presentCreatedWebhook),
  deleteWebhook: nothing,
};
