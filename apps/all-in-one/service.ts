import { onBackends, type Foundation } from '#composition';
import type { Config } from '#config';
import type { AppLogger } from '#observability';
import { startApi, type RunningApi } from '../api/start-api.js';
import { startWorker } from '../worker/start-worker.js';

/** API and worker in one process. @see onBackends */
export async function startService(
  config: Config,
  logger: AppLogger,
  onLost: (error: Error) => void,
): Promise<RunningApi> {
  return onBackends(config, logger, onLost, startBoth);
}

async function startBoth(foundation: Foundation): Promise<RunningApi> {
  // The port first: a process that cannot have it must not take a scan from another.
  const api = await startApi(foundation);
  const worker = await startWorker(foundation);
  return {
    ...api,
    async stop() {
      await api.stop();
      await worker.stop();
    },
  };
}
