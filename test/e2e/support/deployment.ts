import type { BackendUnderTest } from './backends.js';
import { startService, startServing, startWorkerProcess, type Started } from './service.js';

/** The whole service on a back end: one process on the embedded one, on a shared one an API and a worker apart, stopped together. */
export async function startDeployment(options: {
  backend: BackendUnderTest;
  dataDir: string;
  env?: Record<string, string>;
}): Promise<Started> {
  const { backend, dataDir } = options;
  const env = { ...backend.env, ...options.env };
  if (env['DATABASE_URL'] === undefined) return startService({ dataDir, env });
  const api = await startServing('api', { dataDir, env });
  const worker = await startWorkerProcess({ dataDir, env });
  return {
    ...api,
    output: () => api.output() + worker.output(),
    async stop(signal = 'SIGTERM') {
      await worker.stop(signal);
      return api.stop(signal);
    },
  };
}
