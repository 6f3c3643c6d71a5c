import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { RepositoryContent } from '../registry-content/index.js';
import type { RegistryAuth } from './gate.js';
import { closeServer, listenOn } from './listen.js';
import { RegistryFaults } from './registry-faults.js';
import { RegistryJournal, type RequestRecord } from './registry-journal.js';
import type { RegistrySwitches } from './registry-service.js';
import { RequestHandler } from './request-handler.js';
import { SandboxContent } from './sandbox-content.js';
import { SandboxTokens } from './sandbox-tokens.js';
import { startSink, type Sink } from './sink.js';
import type { TokenRecord } from './token-desk.js';

export interface RegistrySandboxOptions extends RegistrySwitches {
  readonly repositories: Readonly<Record<string, RepositoryContent>>;
  /** Left out: anybody may do anything. */
  readonly auth?: RegistryAuth;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** PEM; left out: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Milliseconds that each answer takes. */
  readonly latencyMs?: number;
  /** For tokens. */
  readonly now?: () => number;
}

export interface RegistrySandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly content: SandboxContent;
  readonly faults: RegistryFaults;
  /** What was asked, in order, the token server's requests among them. */
  readonly requests: readonly RequestRecord[];
  readonly stats: RegistryJournal;
  /** What its token server was asked. */
  readonly tokenRequests: readonly TokenRecord[];
  /** The other host that faults lead to. */
  readonly elsewhere: Sink;
  close(): Promise<void>;
}

/**
 * An image registry in this process, over its real protocol (OCI distribution 1.1, where docker-registry 2.8 does not decide otherwise).
 * Rejects when the port is taken.
 */
export async function startRegistrySandbox(options: RegistrySandboxOptions): Promise<RegistrySandbox> {
  const { auth, now = Date.now, port = 0, tls, repositories, latencyMs = 0, ...switches } = options;
  const elsewhere = await startSink();
  const content = new SandboxContent(repositories);
  const faults = new RegistryFaults();
  const stats = new RegistryJournal();
  const tokens = auth?.kind === 'token' ? new SandboxTokens(auth, now) : null;
  const scheme = tls === undefined ? 'http' : 'https';
  const parts = { content, faults, stats, elsewhere, auth, tokens, switches, latencyMs, scheme } as const;
  const handler = new RequestHandler(parts);
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    void handler.handle(request, response);
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.keepAliveTimeout = 60_000;
  const taken = await listenOn(server, port).catch(async (error: unknown) => {
    await elsewhere.close();
    throw error;
  });
  return {
    ...{ url: `${scheme}://127.0.0.1:${taken}`, content, faults, stats, elsewhere },
    get requests() {
      return stats.requests;
    },
    get tokenRequests() {
      return tokens?.desk.asked ?? [];
    },
    async close() {
      await Promise.all([closeServer(server), elsewhere.close()]);
    },
  };
}
