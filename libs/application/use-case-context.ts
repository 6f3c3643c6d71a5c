import type { JsonObject } from '#core';
import { OPERATIONS } from './operations/catalog.js';
import type { OperationName } from './operations/outputs.js';
import type { CertificateSource } from './ports/certificate-source.js';
import type { DeliveryQueue, NotificationSender } from './ports/notifications.js';
import type {
  Clock,
  Connectors,
  LaneQueue,
  LinkSigner,
  ReportQueue,
  ScanQueue,
  SecretBox,
} from './ports/services.js';
import type { Database, Stores } from './ports/stores.js';
import type { ReadModels } from './ports/read-models.js';
import type { Viewer } from './records/access.js';
import type { Logger } from '#core';

/** What use cases are built from; made once per process. */
export interface UseCaseDependencies {
  readonly database: Database;
  readonly readModels: ReadModels;
  readonly connectors: Connectors;
  readonly scanQueue: ScanQueue;
  readonly laneQueue: LaneQueue;
  readonly reportQueue: ReportQueue;
  readonly deliveryQueue: DeliveryQueue;
  readonly notificationSender: NotificationSender;
  readonly secretBox: SecretBox;
  readonly linkSigner: LinkSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly certificates: CertificateSource;
  /** Milliseconds that details of what is over are kept: scans, runs of schedules. */
  readonly detailsKeptMs: number;
}

/** Appends the audit event of an operation, in the transaction of its effect. */
export async function recordAudit(
  stores: Stores,
  clock: Clock,
  event: { operation: OperationName; viewer: Viewer; subject: string; details: JsonObject },
): Promise<void> {
  const action = OPERATIONS[event.operation].audit ?? event.operation;
  await stores.audit.append({
    actor: event.viewer.subject,
    action,
    subject: event.subject,
    details: event.details,
    at: clock.now(),
  });
}
