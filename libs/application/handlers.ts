import { notFound } from '#core';
import type { OperationHandlers } from './operations/operations.js';
import type { UseCaseDependencies } from './use-case-context.js';
import { CreateApiToken } from './access/create-api-token.js';
import { RevokeApiToken } from './access/revoke-api-token.js';
import { visibleRecord, isVisible } from './access/visible-target.js';
import { CheckTags } from './admission/check-tags.js';
import { VerifyAuditLog } from './audit/verify-audit-log.js';
import { CreateCredential } from './credentials/create-credential.js';
import { DeleteCredential } from './credentials/delete-credential.js';
import { RotateCredential } from './credentials/rotate-credential.js';
import { ExplainTag } from './explain/explain-tag.js';
import { FindingStats } from './findings/finding-stats.js';
import { SuppressFinding } from './findings/suppress-finding.js';
import { SuppressFindings } from './findings/suppress-findings.js';
import { UnsuppressFinding } from './findings/unsuppress-finding.js';
import { DeleteNotificationChannel } from './notifications/delete-notification-channel.js';
import { Redeliver } from './notifications/redeliver.js';
import { UpsertNotificationChannel } from './notifications/upsert-notification-channel.js';
import { GenerateReport } from './reports/generate-report.js';
import { SignReportFile } from './reports/sign-report-file.js';
import { isReportVisible } from './reports/report-visibility.js';
import { DeleteRulePack } from './rule-packs/delete-rule-pack.js';
import { PolicyCache } from './rule-packs/policy-cache.js';
import { PutRulePack } from './rule-packs/put-rule-pack.js';
import { ValidateRulePack } from './rule-packs/validate-rule-pack.js';
import { DeleteSchedule } from './schedules/delete-schedule.js';
import { UpsertSchedule } from './schedules/upsert-schedule.js';
import { CancelScan } from './scans/cancel-scan.js';
import { StartScan } from './scans/start-scan.js';
import { CreateTarget } from './targets/create-target.js';
import { DeleteTarget } from './targets/delete-target.js';
import { OpenTarget } from './targets/open-target.js';
import { ProbeTarget } from './targets/probe-target.js';
import { ScoreHistory } from './targets/score-history.js';
import { UpdateTarget } from './targets/update-target.js';
import { CreateWebhook } from './webhooks/create-webhook.js';
import { DeleteWebhook } from './webhooks/delete-webhook.js';
import { RotateWebhookSecret } from './webhooks/rotate-webhook-secret.js';

/** What each operation does: one use case, or one read model for a list. */
export function createHandlers(deps: UseCaseDependencies): OperationHandlers {
  return {
    ...targetHandlers(deps),
    ...ruleHandlers(deps),
    ...judgingHandlers(deps),
    ...scanHandlers(deps),
    ...accountHandlers(deps),
    ...notificationHandlers(deps),
    ...webhookHandlers(deps),
  };
}

function targetHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const create = new CreateTarget(deps);
  const update = new UpdateTarget(deps);
  const probe = new ProbeTarget(deps, new OpenTarget(deps));
  const remove = new DeleteTarget(deps);
  const scores = new ScoreHistory(deps);
  return {
    targets: (viewer, input) => readModels.targets(input, pageOf(input), viewer.targetIds),
    target: async (viewer, { id }) => (isVisible(viewer, id) ? database.stores.targets.find(id) : null),
    createTarget: (viewer, input) => create.execute(viewer, input),
    updateTarget: (viewer, input) => update.execute(viewer, input),
    probeTarget: (viewer, input) => probe.execute(viewer, input),
    deleteTarget: (viewer, input) => remove.execute(viewer, input),
    scoreHistory: (viewer, input) => scores.execute(viewer, input),
    tags: (viewer, input) => readModels.tags(input, pageOf(input), viewer.targetIds),
    resources: (viewer, input) => readModels.resources(input, pageOf(input), viewer.targetIds),
  } satisfies Partial<OperationHandlers>;
}

function ruleHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const put = new PutRulePack(deps);
  const remove = new DeleteRulePack(deps);
  const validate = new ValidateRulePack(deps.clock);
  return {
    rulePacks: (_viewer, input) => readModels.rulePacks(pageOf(input)),
    rulePack: (_viewer, { name, version }) => database.stores.rulePacks.find(name, version ?? null),
    validateRulePack: async (_viewer, input) => validate.execute(input),
    putRulePack: (viewer, input) => put.execute(viewer, input),
    deleteRulePack: (viewer, input) => remove.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function judgingHandlers({ database, readModels, clock }: UseCaseDependencies) {
  const policies = new PolicyCache(database.stores.rulePacks);
  const check = new CheckTags(policies, clock);
  const { targets } = database.stores;
  const explain = new ExplainTag({ targets, readModels, policies, clock });
  return {
    checkTags: (_viewer, input) => check.execute(input),
    explainTag: (viewer, input) => explain.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function scanHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const start = new StartScan(deps);
  const cancel = new CancelScan(deps);
  const stats = new FindingStats(deps);
  const suppress = new SuppressFinding(deps);
  const suppressAll = new SuppressFindings(deps);
  const unsuppress = new UnsuppressFinding(deps);
  return {
    scans: (viewer, input) => readModels.scans(input, pageOf(input), viewer.targetIds),
    scan: async (viewer, { id }) => visibleRecord(viewer, await database.stores.scans.find(id)),
    startScan: (viewer, input) => start.execute(viewer, input),
    cancelScan: (viewer, input) => cancel.execute(viewer, input),
    findings: (viewer, input) => readModels.findings(input, input.orderBy, pageOf(input), viewer.targetIds),
    finding: async (viewer, { id }) => visibleRecord(viewer, await database.stores.findings.find(id)),
    findingStats: (viewer, input) => stats.execute(viewer, input),
    suppressFinding: (viewer, input) => suppress.execute(viewer, input),
    suppressFindings: (viewer, input) => suppressAll.execute(viewer, input),
    unsuppressFinding: (viewer, input) => unsuppress.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function accountHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const createCredential = new CreateCredential(deps);
  const rotateCredential = new RotateCredential(deps);
  const deleteCredential = new DeleteCredential(deps);
  const generateReport = new GenerateReport(deps);
  const upsertSchedule = new UpsertSchedule(deps);
  const deleteSchedule = new DeleteSchedule(deps);
  const signReportFile = new SignReportFile(deps);
  const verify = new VerifyAuditLog(database.stores.audit);
  const createToken = new CreateApiToken(deps);
  const revokeToken = new RevokeApiToken(deps);
  return {
    me: async (viewer) => viewer,
    credentials: (_viewer, input) => readModels.credentials(pageOf(input)),
    createCredential: (viewer, input) => createCredential.execute(viewer, input),
    rotateCredential: (viewer, input) => rotateCredential.execute(viewer, input),
    deleteCredential: (viewer, input) => deleteCredential.execute(viewer, input),
    reports: (viewer, input) => readModels.reports(pageOf(input), viewer.targetIds),
    report: async (viewer, { id }) => {
      const report = await database.stores.reports.find(id);
      return report !== null && isReportVisible(viewer, report) ? report : null;
    },
    generateReport: (viewer, input) => generateReport.execute(viewer, input),
    schedules: (_viewer, input) => readModels.schedules(pageOf(input)),
    upsertSchedule: (viewer, input) => upsertSchedule.execute(viewer, input),
    deleteSchedule: (viewer, input) => deleteSchedule.execute(viewer, input),
    signReportFile: (viewer, input) => signReportFile.execute(viewer, input),
    auditEvents: (_viewer, input) => readModels.auditEvents(input, pageOf(input)),
    verifyAuditLog: (_viewer, input) => verify.execute(input),
    apiTokens: (_viewer, input) => readModels.apiTokens(input, pageOf(input)),
    createApiToken: (viewer, input) => createToken.execute(viewer, input),
    revokeApiToken: (viewer, input) => revokeToken.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function notificationHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const upsert = new UpsertNotificationChannel(deps);
  const remove = new DeleteNotificationChannel(deps);
  const again = new Redeliver(deps);
  return {
    notificationChannels: () => database.stores.notificationChannels.list(),
    notificationDeliveries: async (_viewer, { id, ...input }) => {
      if ((await database.stores.notificationChannels.find(id)) === null)
        throw notFound('notification channel', id);
      const page = (await readModels.deliveriesOfChannels([id], pageOf(input))).get(id);
      if (page === undefined) throw notFound('notification channel', id);
      return page;
    },
    upsertNotificationChannel: (viewer, input) => upsert.execute(viewer, input),
    deleteNotificationChannel: (viewer, input) => remove.execute(viewer, input),
    redeliver: (viewer, input) => again.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function webhookHandlers(deps: UseCaseDependencies) {
  const { readModels, database } = deps;
  const create = new CreateWebhook(deps);
  const rotate = new RotateWebhookSecret(deps);
  const remove = new DeleteWebhook(deps);
  return {
    webhooks: (_viewer, input) => readModels.webhooks(pageOf(input)),
    webhook: (_viewer, { id }) => database.stores.webhooks.find(id),
    webhookDeliveries: (_viewer, input) => readModels.webhookDeliveries(input.id, pageOf(input)),
    createWebhook: (viewer, input) => create.execute(viewer, input),
    rotateWebhookSecret: (viewer, input) => rotate.execute(viewer, input),
    deleteWebhook: (viewer, input) => remove.execute(viewer, input),
  } satisfies Partial<OperationHandlers>;
}

function pageOf(input: { first: number; after?: string | undefined }) {
  return { first: input.first, after: input.after ?? null };
}
