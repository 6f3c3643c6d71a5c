import { Client } from './client.js';
import { startServing, startWorkerProcess, temporaryDirectory, type Started } from './service.js';

/** Processes of one service that share a PostgreSQL, a queue and a folder. */
export interface Fleet {
  readonly apis: readonly Started[];
  readonly workers: readonly Started[];
  /** A user of the n-th API. */
  client(n?: number): Client;
  /** One more worker, with other settings where the test says so. */
  addWorker(env?: Record<string, string>): Promise<Started>;
  close(): Promise<void>;
}

/** @param env of every process: DATABASE_URL at least */
export async function startFleet(options: {
  apis: number;
  workers: number;
  env: Record<string, string>;
}): Promise<Fleet> {
  const directory = await temporaryDirectory();
  const dataDir = directory.path;
  const apis: Started[] = [];
  const workers: Started[] = [];
  const addWorker = async (env: Record<string, string> = {}): Promise<Started> => {
    const worker = await startWorkerProcess({ dataDir, env: { ...options.env, ...env } });
    workers.push(worker);
    return worker;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...apis, ...workers].map((one) => one.stop('SIGKILL')));
    await directory.remove();
  };
  try {
    while (apis.length < options.apis) apis.push(await startServing('api', { dataDir, env: options.env }));
    while (workers.length < options.workers) await addWorker();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    apis,
    workers,
    client: (n = 0) => new Client(apis[n]?.url ?? ''),
    addWorker,
    close,
  };
}
