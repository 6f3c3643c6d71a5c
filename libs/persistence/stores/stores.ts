import type { Stores } from '#application';
import type { Db } from '../connection/transactions.js';
import { PostgresApiTokenStore } from './api-token.store.js';
import { PostgresAuditStore } from './audit.store.js';
import { PostgresContentStore } from './content.store.js';
import { PostgresCredentialStore } from './credential.store.js';
import { PostgresFindingStore } from './finding.store.js';
import { PostgresIdempotencyStore } from './idempotency.store.js';
import { PostgresNotificationChannelStore } from './notification-channel.store.js';
import { PostgresNotificationDeliveryStore } from './notification-delivery.store.js';
import { PostgresReportStore } from './report.store.js';
import { PostgresRulePackStore } from './rule-pack.store.js';
import { PostgresScanScopeStore } from './scan-scope.store.js';
import { PostgresScanStore } from './scan.store.js';
import { PostgresScheduleStore } from './schedule.store.js';
import { PostgresScoreStore } from './score.store.js';
import { PostgresTargetStore } from './target.store.js';
import { PostgresWebhookStore } from './webhook.store.js';

/** All stores on one connection pool, or in one transaction. */
export function storesOn(db: Db): Stores {
  return {
    targets: new PostgresTargetStore(db),
    credentials: new PostgresCredentialStore(db),
    rulePacks: new PostgresRulePackStore(db),
    scans: new PostgresScanStore(db),
    scanScopes: new PostgresScanScopeStore(db),
    findings: new PostgresFindingStore(db),
    audit: new PostgresAuditStore(db),
    apiTokens: new PostgresApiTokenStore(db),
    reports: new PostgresReportStore(db),
    schedules: new PostgresScheduleStore(db),
    idempotency: new PostgresIdempotencyStore(db),
    content: new PostgresContentStore(db),
    notificationChannels: new PostgresNotificationChannelStore(db),
    notificationDeliveries: new PostgresNotificationDeliveryStore(db),
    scores: new PostgresScoreStore(db),
    webhooks: new PostgresWebhookStore(db),
  };
}
