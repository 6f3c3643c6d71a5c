import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import type { GraphQLSchema } from 'graphql';
import { WebSocketServer, type WebSocket } from 'ws';
import { HygieneError } from '#core';
import type { ApiDependencies } from '../../api-dependencies.js';
import { requestIdOf } from '../../http/request-id.js';
import { enterRequestScope } from '../../http/request-scope.js';
import { STOPPING } from '../../live/live-sessions.js';
import { LIVE_LIMITS } from '../../live/live-limits.js';
import type { Live } from '../../live/live.js';
import { SocketLine } from './socket-line.js';
import { socketProtocol, type Connection } from './socket-protocol.js';
import { checkOrigin, refuseUpgrade } from './upgrade-request.js';

/** Of one message: a query of 2,000 tokens has room, floods have not. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/**
 * Subscriptions at `/graphql` over WebSockets. A client sends its token as `Authorization` of `connectionParams` or of the upgrade
 * request, never in the address. Stopping the server ends every connection with 1001: clients come back elsewhere.
 */
export function graphqlSockets(
  server: FastifyInstance,
  deps: ApiDependencies,
  { live, schema }: { live: Live; schema: () => GraphQLSchema },
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const limit = (deps.live?.limits ?? LIVE_LIMITS).sockets.total;
  let stopping = false;
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const id = requestIdOf(request);
    socket.on('error', () => socket.destroy());
    try {
      if (stopping) throw STOPPING;
      // Those that have not shown a token yet count as well.
      if (sockets.clients.size >= limit) throw full(limit);
      checkOrigin(request, deps.config);
    } catch (error) {
      const status = refuseUpgrade(request, socket, error, id);
      deps.logger.info({ requestId: id, path: '/graphql', status }, 'a WebSocket was refused');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      serve({ deps, live, schema: schema(), client, request, id }),
    );
  });
  server.addHook('preClose', async () => {
    stopping = true;
    live.sessions.close();
    for (const client of sockets.clients) client.close(1001, STOPPING.message);
    const gone = new Promise<void>((resolve) => sockets.close(() => resolve()));
    const timer = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), DRAIN_MS);
    await gone;
    clearTimeout(timer);
  });
}

const DRAIN_MS = 2_000;

interface Arrival {
  readonly deps: ApiDependencies;
  readonly live: Live;
  readonly schema: GraphQLSchema;
  readonly client: WebSocket;
  readonly request: IncomingMessage;
  readonly id: string;
}

function serve({ deps, live, schema, client, request, id }: Arrival): void {
  const { logger } = deps;
  const since = performance.now();
  const line = new SocketLine(
    client,
    (work) => enterRequestScope({ requestId: id }, work),
    (error) => {
      logger.error({ requestId: id, err: error }, 'a WebSocket failed unexpectedly');
      line.close(4500, 'INTERNAL: something went wrong inside.');
    },
  );
  const connection: Connection = {
    line,
    authorization: request.headers.authorization,
    session: null,
    release: () => {},
  };
  const closed = socketProtocol(deps, live, schema).opened(line, connection);
  client.once('close', (code, reason) => {
    const subject = connection.session?.viewer.subject ?? null;
    const ms = Math.round(performance.now() - since);
    logger.info({ requestId: id, path: '/graphql', code, ms, subject }, 'a WebSocket was closed');
    closed(code, reason.toString()).catch((error: unknown) =>
      logger.error({ requestId: id, err: error }, 'a WebSocket could not be tidied up'),
    );
  });
}

function full(limit: number): HygieneError {
  return new HygieneError(
    'RATE_LIMITED',
    `The service has all its ${limit} WebSockets open. Try again later.`,
    { retryAfterMs: 10_000 },
  );
}
