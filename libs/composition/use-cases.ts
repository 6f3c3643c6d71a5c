import { join } from 'node:path';
import { AesSecretBox, HmacLinkSigner, type UseCaseDependencies } from '#application';
import { loadSecretKey } from '#config';
import { CertificateFetcher, OutboundGuard } from '#connector-kit';
import { createConnectors } from '#connectors';
import type { Logger } from '#core';
import { createNotificationSender } from '#notifications';
import type { Backends } from './backends.js';
import type { SettledConfig } from './public-address.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What every use case of this process is built from. */
export async function useCaseDependencies(
  backends: Backends,
  config: SettledConfig,
  logger: Logger,
): Promise<UseCaseDependencies> {
  const { database, queue } = backends;
  const outbound = { allow: config.outboundAllow, allowLocal: config.localTargets };
  const { publicUrl, smtpUrl: url, smtpFrom: from } = config;
  const secretKey = await loadSecretKey(config);
  return {
    database,
    readModels: database.readModels,
    connectors: createConnectors({
      outbound,
      now: () => Date.now(),
      content: database.stores.content,
      cacheDirectory: join(config.dataDir, 'cache'),
    }),
    scanQueue: queue.scans,
    laneQueue: queue.lanes,
    reportQueue: queue.reports,
    deliveryQueue: queue.deliveries,
    notificationSender: createNotificationSender({
      outbound,
      publicUrl,
      smtp: url === null || from === null ? null : { url, from },
    }),
    secretBox: new AesSecretBox(secretKey),
    linkSigner: new HmacLinkSigner(secretKey),
    clock: { now: () => new Date() },
    logger,
    detailsKeptMs: config.retentionDays * DAY_MS,
    certificates: new CertificateFetcher(new OutboundGuard(outbound)),
  };
}
