import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { graphqlErrorFormatter } from '../errors/graphql-error-formatter.js';
import { viewerOf } from '../http/authentication.js';
import { describeOperations } from './describe-operations.js';
import type { HttpGraphqlContext } from './graphql-context.js';
import { createLoaders } from './loaders.js';
import { LIMITS } from './operation-limits.js';
import { operationGuard } from './operation-guard.js';

/** GraphQL at `/graphql`: POST only, one operation a request, limits before anything runs. */
export function graphqlModule(deps: ApiDependencies): DynamicModule {
  return GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    transformSchema: describeOperations,
    graphiql: false,
    introspection: deps.config.introspection,
    hideSchemaDetailsFromClientErrors: !deps.config.introspection,
    includeStacktraceInErrorResponses: false,
    autoTransformHttpErrors: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: LIMITS.tokens, noLocation: false },
    validationOptions: { maxErrors: 20 },
    formatError: graphqlErrorFormatter(deps.logger, deps.config.introspection),
    plugins: [operationGuard()],
    logger: quiet(deps.logger),
    context: (request: FastifyRequest): HttpGraphqlContext => {
      const viewer = viewerOf(request);
      return { req: request, viewer, loaders: createLoaders(deps.readModels, viewer) };
    },
  });
}

/** Apollo's own words, in our log; its messages never carry a request's content. */
function quiet(logger: ApiDependencies['logger']) {
  return {
    debug: () => undefined,
    info: (message: unknown) => logger.debug({ message: String(message) }, 'graphql server'),
    warn: (message: unknown) => logger.warn({ message: String(message) }, 'graphql server'),
    error: (message: unknown) => logger.error({ message: String(message) }, 'graphql server'),
  };
}
