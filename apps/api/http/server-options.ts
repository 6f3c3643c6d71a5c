import { LogController, type FastifyServerOptions } from 'fastify';
import type { Server } from 'node:http';
import type { ApiDependencies } from '../api-dependencies.js';
import { sendFault } from '../errors/send-fault.js';
import { asksForSocket } from '../graphql/sockets/upgrade-request.js';
import { requestIdOf } from './request-id.js';

/** A rule pack document is at most 1 MiB; JSON escapes at most double what people write. */
export const BODY_LIMIT = 2 * 1024 * 1024;
/** Simultaneous connections; more are refused by the kernel's accept queue and closed. */
const MAX_CONNECTIONS = 2_000;
const SECOND = 1_000;

/** Slow or idle clients lose their connection; nobody's body or address is unbounded. */
export function serverOptions({ config, logger }: ApiDependencies): FastifyServerOptions & { http: object } {
  return {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    genReqId: requestIdOf,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30 * SECOND,
    // Longer than a request may wait for the end of a scan.
    connectionTimeout: 150 * SECOND,
    keepAliveTimeout: 65 * SECOND,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    http: {
      headersTimeout: 10 * SECOND,
      connectionsCheckingInterval: 5 * SECOND,
      shouldUpgradeCallback: asksForSocket,
    },
    frameworkErrors: (error, request, reply) => {
      void sendFault(error, request, reply, logger);
    },
  };
}

export function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
}
