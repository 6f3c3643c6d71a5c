import { join } from 'node:path';
import { AesSecretBox, type UseCaseDependencies } from '#application';
import { loadSecretKey, type Config } from '#config';
import { createConnectors } from '#connectors';
import type { Logger } from '#core';
import { RENDERABLE_FORMATS } from '#reports';
import type { Backends } from './backends.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What every use case of this process is built from. */
export async function useCaseDependencies(
  backends: Backends,
  config: Config,
  logger: Logger,
): Promise<UseCaseDependencies> {
  const { database, queue } = backends;
  return {
    database,
    readModels: database.readModels,
    connectors: createConnectors({
      outbound: { allow: config.outboundAllow, allowLocal: config.localTargets },
      now: () => Date.now(),
      content: database.stores.content,
      cacheDirectory: join(config.dataDir, 'cache'),
    }),
    scanQueue: queue.scans,
    laneQueue: queue.lanes,
    reportQueue: queue.reports,
    secretBox: new AesSecretBox(await loadSecretKey(config)),
    clock: { now: () => new Date() },
    logger,
    reportFormats: RENDERABLE_FORMATS,
    detailsKeptMs: config.retentionDays * DAY_MS,
  };
}
