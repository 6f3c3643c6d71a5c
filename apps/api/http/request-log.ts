import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { pathOf } from './path-of.js';
import { enterRequestScope } from './request-scope.js';

/** One line per request: no query string, no header, no body. Every answer carries its `X-Request-Id`. */
export function requestLog(server: FastifyInstance, logger: Logger): void {
  server.decorateRequest('viewer', null);
  server.decorateRequest('graphqlOperation', null);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    enterRequestScope({ requestId: request.id }, done);
  });
  server.addHook('onResponse', async (request, reply) => {
    const fields = {
      requestId: request.id,
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      subject: request.viewer?.subject ?? null,
      ...(request.graphqlOperation === null ? {} : { operation: request.graphqlOperation }),
    };
    if (pathOf(request.url).startsWith('/health/')) logger.debug(fields, 'request');
    else logger.info(fields, 'request');
  });
}
