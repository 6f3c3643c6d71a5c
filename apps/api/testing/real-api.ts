import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onBackends, type Backends } from '#composition';
import { loadConfig } from '#config';
import { createLogger } from '#observability';
import { startApi } from '../start-api.js';

export const BOOTSTRAP = 'twd_real-api-bootstrap-0123456789abcdefghijklmnop';
const SECRET_KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 41) % 251)).toString('base64');

export interface RealApi {
  readonly url: string;
  readonly backends: Backends;
  /** What it logged, as lines of JSON. */
  readonly logLines: readonly string[];
  rest(method: string, path: string, options?: RestCall): Promise<Answer>;
  graphql(query: string, token?: string | null): Promise<Answer>;
  stop(): Promise<void>;
}
export interface RestCall {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a stranger's client sees: plain JSON
  readonly body: any;
}

/** One process's API as it is in production, on its port: the real use cases over the real database. */
export async function startRealApi(
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RealApi> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tagward-real-api-'));
  const config = loadConfig(
    {},
    {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TAGWARD_DATA_DIR: dataDir,
      TAGWARD_SECRET_KEY: SECRET_KEY,
      TAGWARD_ADMIN_TOKEN: BOOTSTRAP,
      ...environment,
    },
  );
  const logLines: string[] = [];
  const logger = createLogger({
    ...config,
    destination: { write: (line: string) => void logLines.push(line) },
  });
  const started = await onBackends(config, logger, failed, async (foundation) => ({
    ...(await startApi(foundation)),
    backends: foundation.backends,
    address: `http://127.0.0.1:${foundation.config.port}`,
  }));
  const { backends, address: url } = started;
  return {
    url,
    backends,
    logLines,
    rest: (method, path, call = {}) => askRest(`${url}/api/v1${path}`, method, call),
    graphql: (query, token = BOOTSTRAP) => askRest(`${url}/graphql`, 'POST', { token, body: { query } }),
    async stop() {
      await started.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function failed(error: Error): void {
  throw error;
}

async function askRest(url: string, method: string, call: RestCall): Promise<Answer> {
  const { token = BOOTSTRAP, body, headers = {} } = call;
  const reply = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, headers: reply.headers, body: parse(await reply.text()) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
