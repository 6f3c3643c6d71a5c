import { join } from 'node:path';
import {
  AesSecretBox,
  Authenticate,
  createHandlers,
  LoadPolicy,
  MakeReport,
  OpenTarget,
  Operations,
  RecoverWork,
  ScanLane,
  ScanTarget,
  type UseCaseDependencies,
} from '#application';
import { loadAdminToken, loadSecretKey, type Config } from '#config';
import { createConnectors } from '#connectors';
import type { AppLogger } from '#observability';
import { RENDERABLE_FORMATS, renderReport } from '#reports';
import { createApi } from '../api/create-api.js';
import { Worker } from '../worker/worker.js';
import { openBackends, type Backends } from './backends.js';
import { freePort, listen, urlHost } from './listen.js';
import { VERSION } from './version.js';

export interface Service {
  /** What users and links see: `TAGWARD_PUBLIC_URL`, else host and port. */
  readonly url: string;
  /** The bootstrap token; shown only by whoever started the service. */
  readonly adminToken: { readonly text: string; readonly isNew: boolean };
  /** Takes no new request or job, waits for those in hand, stops what was started. */
  stop(): Promise<void>;
}

const clock = { now: () => new Date() };
const CONCURRENCY = 4;

/**
 * API and worker in one process.
 * @param onLost the database went away for good (the embedded server exited): the process should end
 * @throws HygieneError that says what to mend: a port in use, a locked data directory, a database that does not answer
 */
export async function startService(
  config: Config,
  logger: AppLogger,
  onLost: (error: Error) => void,
): Promise<Service> {
  const backends = await openBackends(config, logger, onLost);
  try {
    return await startOn(backends, config, logger);
  } catch (error) {
    await backends.close();
    throw error;
  }
}

async function startOn(backends: Backends, config: Config, logger: AppLogger): Promise<Service> {
  const adminToken = await loadAdminToken(config);
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const publicUrl = config.publicUrl ?? `http://${urlHost(config.host)}:${port}`;
  const deps = await useCases(backends, config, logger);
  const { database, queue, reportFiles } = backends;
  const authenticate = new Authenticate(database.stores.apiTokens, clock, adminToken.text);
  const api = await createApi({
    config: { ...config, publicUrl, version: VERSION, trustProxy: trustedProxies(config.trustProxy) },
    operations: new Operations(createHandlers(deps)),
    readModels: database.readModels,
    authenticate: (token) => authenticate.execute(token),
    health: { ready: () => readiness(backends) },
    reportFiles,
    logger,
  });
  const openTarget = new OpenTarget(deps);
  const loadPolicy = new LoadPolicy(database.stores.rulePacks);
  const worker = new Worker({
    queue,
    scanTarget: new ScanTarget({ ...deps, openTarget, loadPolicy }),
    scanLane: new ScanLane({ ...deps, openTarget, loadPolicy }),
    makeReport: new MakeReport({ ...deps, files: reportFiles, render: renderReport }),
    recoverWork: new RecoverWork(deps),
    logger,
    concurrency: CONCURRENCY,
  });
  // The port first: a process that cannot have it must not take a scan from another.
  await listen(api, port, config.host);
  await worker.start(backends.embedded);
  return {
    url: publicUrl,
    adminToken,
    async stop() {
      await api.close();
      await worker.stop();
      await backends.close();
    },
  };
}

async function useCases(backends: Backends, config: Config, logger: AppLogger): Promise<UseCaseDependencies> {
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
    clock,
    logger,
    reportFormats: RENDERABLE_FORMATS,
  };
}

/** A number trusts that many proxies, counted from this process outwards. */
function trustedProxies(setting: Config['trustProxy']) {
  return typeof setting === 'number' ? (_address: string, hop: number) => hop < setting : setting;
}

async function readiness({ database, queue }: Backends) {
  const [databaseCheck, queueCheck] = await Promise.all([
    check(() => database.ping()),
    check(() => queue.ping()),
  ]);
  return { ok: databaseCheck.ok && queueCheck.ok, checks: { database: databaseCheck, queue: queueCheck } };
}

async function check(ping: () => Promise<void>): Promise<{ ok: boolean; detail?: string }> {
  try {
    await ping();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'no answer' };
  }
}
