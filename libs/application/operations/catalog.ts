import type { z } from 'zod';
import { mutation, query } from './define-operation.js';
import { INPUTS } from './inputs.js';
import type { OperationSpec } from './operation-spec.js';
import type { OperationName } from './outputs.js';

/** Every operation of Tagward. A door that offers one not in here, or leaves one out, fails a test. */
export const OPERATIONS = {
  me: query(null, '/me', INPUTS.nothing, {
    noun: 'me',
    summary: 'Who the token stands for, and its scopes.',
  }),

  targets: query('READ', '/targets', INPUTS.targets, {
    noun: 'targets',
    summary: 'Targets, by name.',
    paged: true,
  }),
  target: query('READ', '/targets/{id}', INPUTS.byId, { noun: 'targets', summary: 'One target.' }),
  createTarget: mutation('ADMIN', ['POST', '/targets', 201], INPUTS.createTarget, {
    noun: 'targets',
    summary: 'Adds a target: exactly one of ec2, git, registry, docker. Nothing is contacted yet.',
    audit: 'target.create',
    narrowed: 'refused',
  }),
  updateTarget: mutation('ADMIN', ['PATCH', '/targets/{id}', 200], INPUTS.updateTarget, {
    noun: 'targets',
    summary: 'Changes what is given and leaves the rest.',
    audit: 'target.update',
  }),
  probeTarget: mutation('SCAN', ['POST', '/targets/{id}/probe', 200], INPUTS.byId, {
    noun: 'targets',
    summary: 'Reaches the target once and renews its capabilities.',
    audit: 'target.probe',
  }),
  deleteTarget: mutation('ADMIN', ['DELETE', '/targets/{id}', 204], INPUTS.byId, {
    noun: 'targets',
    summary: 'Forgets the target with its inventory, scans and findings; the platform is not touched.',
    audit: 'target.delete',
  }),

  credentials: query('ADMIN', '/credentials', INPUTS.page, {
    noun: 'credentials',
    summary: 'Credentials, never their secrets.',
    paged: true,
    narrowed: 'refused',
  }),
  createCredential: mutation('ADMIN', ['POST', '/credentials', 201], INPUTS.createCredential, {
    noun: 'credentials',
    summary: 'Stores a secret, encrypted; it can be replaced, never read.',
    audit: 'credential.create',
    narrowed: 'refused',
  }),
  rotateCredential: mutation('ADMIN', ['PUT', '/credentials/{id}/secret', 200], INPUTS.rotateCredential, {
    noun: 'credentials',
    summary: 'Replaces the secret.',
    audit: 'credential.rotate',
    narrowed: 'refused',
  }),
  deleteCredential: mutation('ADMIN', ['DELETE', '/credentials/{id}', 204], INPUTS.byId, {
    noun: 'credentials',
    summary: 'Removes a credential that no target uses.',
    audit: 'credential.delete',
    narrowed: 'refused',
  }),

  rulePacks: query('READ', '/rule-packs', INPUTS.page, {
    noun: 'rule-packs',
    summary: 'The latest version of every rule pack, by name.',
    paged: true,
  }),
  rulePack: query('READ', '/rule-packs/{name}', INPUTS.rulePack, {
    noun: 'rule-packs',
    summary: 'One rule pack; the latest version unless one is named.',
  }),
  validateRulePack: query('READ', '/rule-packs:validate', INPUTS.document, {
    noun: 'rule-packs',
    summary: 'Parses a document and runs its own tests; stores nothing.',
    method: 'POST',
  }),
  putRulePack: mutation('ADMIN', ['PUT', '/rule-packs/{name}', 200], INPUTS.putRulePack, {
    noun: 'rule-packs',
    summary: 'Stores the document as the next version of the pack, or says why it is refused.',
    audit: 'rule-pack.put',
    narrowed: 'refused',
  }),
  deleteRulePack: mutation('ADMIN', ['DELETE', '/rule-packs/{name}', 204], INPUTS.packName, {
    noun: 'rule-packs',
    summary: 'Retires a pack; its findings resolve at the next scan.',
    audit: 'rule-pack.delete',
    narrowed: 'refused',
  }),

  checkTags: query('READ', '/check', INPUTS.checkTags, {
    noun: 'check',
    summary: 'Would these tags be allowed? Judges them by the rule packs; nothing is set or stored.',
    method: 'POST',
  }),

  explainTag: query('READ', '/explain', INPUTS.explainTag, {
    noun: 'explain',
    summary: 'Why a tag stays or goes: what every rule and protector says of it, and what stands in the way.',
  }),

  scans: query('READ', '/scans', INPUTS.scans, {
    noun: 'scans',
    summary: 'Scans, newest first.',
    paged: true,
  }),
  scan: query('READ', '/scans/{id}', INPUTS.byId, { noun: 'scans', summary: 'One scan.' }),
  startScan: mutation('SCAN', ['POST', '/scans', 202], INPUTS.startScan, {
    noun: 'scans',
    summary: 'Queues a scan; when one waits already for the target, gives that one.',
    audit: 'scan.start',
  }),
  cancelScan: mutation('SCAN', ['POST', '/scans/{id}/cancel', 200], INPUTS.byId, {
    noun: 'scans',
    summary: 'Stops a scan within two seconds; a finished one is returned as it is.',
    audit: 'scan.cancel',
  }),

  findings: query('READ', '/findings', INPUTS.findings, {
    noun: 'findings',
    summary: 'Findings that match.',
    paged: true,
  }),
  finding: query('READ', '/findings/{id}', INPUTS.byId, { noun: 'findings', summary: 'One finding.' }),
  findingStats: query('READ', '/findings/stats', INPUTS.findingStats, {
    noun: 'findings',
    summary: 'Counts of the findings that match, in groups, over a period: by default the last seven days.',
  }),
  scoreHistory: query('READ', '/scores', INPUTS.scoreHistory, {
    noun: 'targets',
    summary:
      'The hygiene score day by day, of one target or of all together: by default of the last ninety days.',
  }),
  suppressFinding: mutation('SCAN', ['PUT', '/findings/{id}/suppression', 200], INPUTS.suppressFinding, {
    noun: 'findings',
    summary: 'Accepts a fault, with a reason, until a date or until taken back.',
    audit: 'finding.suppress',
  }),
  suppressFindings: mutation('SCAN', ['POST', '/findings:suppress', 200], INPUTS.suppressFindings, {
    noun: 'findings',
    summary: 'Suppresses every open finding that matches; says how many.',
    audit: 'finding.suppress-many',
  }),
  unsuppressFinding: mutation('SCAN', ['DELETE', '/findings/{id}/suppression', 200], INPUTS.byId, {
    noun: 'findings',
    summary: 'Takes a suppression back.',
    audit: 'finding.unsuppress',
  }),

  tags: query('READ', '/tags', INPUTS.tags, {
    noun: 'tags',
    summary: 'The inventory of tags as last seen.',
    paged: true,
  }),
  resources: query('READ', '/resources', INPUTS.resources, {
    noun: 'resources',
    summary: 'What carries tags, tagged or not.',
    paged: true,
  }),

  reports: query('READ', '/reports', INPUTS.page, {
    noun: 'reports',
    summary: 'Reports, newest first.',
    paged: true,
  }),
  report: query('READ', '/reports/{id}', INPUTS.byId, {
    noun: 'reports',
    summary: 'One report and its files.',
  }),
  generateReport: mutation('SCAN', ['POST', '/reports', 202], INPUTS.generateReport, {
    noun: 'reports',
    summary: 'Makes a report in the background: by default the last seven days, all targets, all formats.',
    audit: 'report.generate',
  }),
  signReportFile: mutation(
    'READ',
    ['POST', '/reports/{id}/files/{format}/link', 200],
    INPUTS.signReportFile,
    {
      noun: 'reports',
      summary:
        'A link to one file that works without a token for a while: 15 minutes unless told, a day at most.',
      audit: 'report.sign-file',
    },
  ),

  schedules: query('READ', '/schedules', INPUTS.page, {
    noun: 'schedules',
    summary: 'Schedules, by name.',
    paged: true,
    narrowed: 'refused',
  }),
  upsertSchedule: mutation('ADMIN', ['POST', '/schedules', 200], INPUTS.upsertSchedule, {
    noun: 'schedules',
    summary:
      'Makes a schedule, or changes the one of that name: scans of targets by id, by labels, or of all, and a report once they have ended.',
    audit: 'schedule.upsert',
    narrowed: 'refused',
  }),
  deleteSchedule: mutation('ADMIN', ['DELETE', '/schedules/{id}', 204], INPUTS.byId, {
    noun: 'schedules',
    summary: 'Removes a schedule; what it has started goes on.',
    audit: 'schedule.delete',
    narrowed: 'refused',
  }),

  auditEvents: query('ADMIN', '/audit-events', INPUTS.auditEvents, {
    noun: 'audit-events',
    summary: 'The audit log, newest first.',
    paged: true,
    narrowed: 'refused',
  }),
  verifyAuditLog: query('ADMIN', '/audit-events/verify', INPUTS.verifyAuditLog, {
    noun: 'audit-events',
    summary:
      'Walks the hash chain and names the first broken link; with an exported head it also sees a cut tail.',
    narrowed: 'refused',
  }),

  notificationChannels: query('ADMIN', '/notification-channels', INPUTS.nothing, {
    noun: 'notification-channels',
    summary: 'Where notifications go, by name; never a whole address, nor a secret.',
    narrowed: 'refused',
  }),
  notificationDeliveries: query('ADMIN', '/notification-channels/{id}/deliveries', INPUTS.deliveries, {
    noun: 'notification-channels',
    summary: 'The delivery log of a notification channel, newest first.',
    paged: true,
    narrowed: 'refused',
  }),
  upsertNotificationChannel: mutation(
    'ADMIN',
    ['POST', '/notification-channels', 200],
    INPUTS.upsertNotificationChannel,
    {
      noun: 'notification-channels',
      summary: 'Makes the notification channel of this name, or changes it.',
      audit: 'notification-channel.upsert',
      narrowed: 'refused',
    },
  ),
  deleteNotificationChannel: mutation('ADMIN', ['DELETE', '/notification-channels/{id}', 204], INPUTS.byId, {
    noun: 'notification-channels',
    summary: 'Removes a notification channel with its delivery log.',
    audit: 'notification-channel.delete',
    narrowed: 'refused',
  }),
  redeliver: mutation('ADMIN', ['POST', '/deliveries/{id}/redeliver', 202], INPUTS.byId, {
    noun: 'notification-channels',
    summary: 'Queues a notification again, delivered or not.',
    audit: 'notification.redeliver',
    narrowed: 'refused',
  }),

  apiTokens: query('ADMIN', '/api-tokens', INPUTS.apiTokens, {
    noun: 'api-tokens',
    summary: 'API tokens, never their text; found by a part of their name or of their first characters.',
    paged: true,
    narrowed: 'refused',
  }),
  createApiToken: mutation('ADMIN', ['POST', '/api-tokens', 201], INPUTS.createApiToken, {
    noun: 'api-tokens',
    summary: 'Makes a token and shows it this once.',
    audit: 'api-token.create',
    narrowed: 'refused',
  }),
  revokeApiToken: mutation('ADMIN', ['DELETE', '/api-tokens/{id}', 204], INPUTS.byId, {
    noun: 'api-tokens',
    summary: 'Revokes a token at once.',
    audit: 'api-token.revoke',
    narrowed: 'refused',
  }),

  webhooks: query('ADMIN', '/webhooks', INPUTS.page, {
    noun: 'webhooks',
    summary: 'Addresses that forges, registries and clouds deliver to, never their secrets; by name.',
    paged: true,
    narrowed: 'refused',
  }),
  webhook: query('ADMIN', '/webhooks/{id}', INPUTS.byId, {
    noun: 'webhooks',
    summary: 'One webhook.',
    narrowed: 'refused',
  }),
  webhookDeliveries: query('ADMIN', '/webhooks/{id}/deliveries', INPUTS.pageOf, {
    noun: 'webhooks',
    summary: 'What was delivered to a webhook and what came of it, latest first.',
    paged: true,
    narrowed: 'refused',
  }),
  createWebhook: mutation('ADMIN', ['POST', '/webhooks', 201], INPUTS.createWebhook, {
    noun: 'webhooks',
    summary: 'Makes an address whose deliveries start scans of the targets, and shows its secret this once.',
    audit: 'webhook.create',
    narrowed: 'refused',
  }),
  rotateWebhookSecret: mutation('ADMIN', ['POST', '/webhooks/{id}/secret', 200], INPUTS.byId, {
    noun: 'webhooks',
    summary: 'Makes a new secret and shows it this once; the old one is taken for 24 hours more.',
    audit: 'webhook.rotate',
    narrowed: 'refused',
  }),
  deleteWebhook: mutation('ADMIN', ['DELETE', '/webhooks/{id}', 204], INPUTS.byId, {
    noun: 'webhooks',
    summary: 'Removes a webhook with its log; its address answers like one that never was.',
    audit: 'webhook.delete',
    narrowed: 'refused',
  }),
} as const satisfies Record<OperationName, OperationSpec>;

export type OperationInput<N extends OperationName> = z.output<(typeof OPERATIONS)[N]['input']>;
