import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ApiDependencies } from './api-dependencies.js';
import { ApiModule } from './api.module.js';
import { apiDocs } from './docs/api-docs.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { explorer } from './explorer/explorer.js';
import { graphqlDoor } from './graphql/graphql-door.js';
import { graphqlSockets } from './graphql/sockets/graphql-sockets.js';
import { bodyParsers } from './http/body-parsers.js';
import { hooksDoor } from './hooks/hooks-door.js';
import { NestLogger } from './http/nest-logger.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';
import { limitConnections, serverOptions } from './http/server-options.js';
import { Live } from './live/live.js';
import { restDoor } from './rest/rest-door.js';

export type { ApiDependencies } from './api-dependencies.js';

/**
 * The API as an application that is ready for `listen` (or `inject`): GraphQL at `/graphql` (subscriptions over WebSockets), REST at `/api/v1`,
 * its docs at `/api/docs`, webhooks in at `/hooks`, health at `/health`. The caller listens and closes; closing lets running requests end.
 */
export async function createApi(deps: ApiDependencies): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(serverOptions(deps));
  const live = new Live(deps);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(deps, live), adapter, {
    logger: new NestLogger(deps.logger),
    bodyParser: false,
    abortOnError: false,
  });
  const server: FastifyInstance = adapter.getInstance();
  await registerDoors(server, deps, live);
  graphqlSockets(server, deps, { live, schema: () => app.get(GraphQLSchemaHost).schema });
  enableCors(app, deps.config.corsOrigins);
  app.useGlobalFilters(new ProblemFilter(deps.logger));
  await app.init();
  await server.ready();
  limitConnections(server.server);
  return app;
}

async function registerDoors(server: FastifyInstance, deps: ApiDependencies, live: Live): Promise<void> {
  requestLog(server, deps.logger);
  bodyParsers(server);
  await securityHeaders(server, deps.config.publicUrl);
  await explorer(server, deps.config);
  graphqlDoor(server, deps);
  await apiDocs(server, deps.config);
  await server.register(restDoor(deps, live), { prefix: '/api/v1' });
  await server.register(hooksDoor(deps), { prefix: '/hooks' });
}

function enableCors(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'if-none-match',
      'last-event-id',
      'range',
      'x-request-id',
      'apollo-require-preflight',
    ],
    exposedHeaders: [
      'etag',
      'link',
      'location',
      'retry-after',
      'www-authenticate',
      'x-request-id',
      'content-disposition',
    ],
    credentials: false,
    maxAge: 600,
  });
}
