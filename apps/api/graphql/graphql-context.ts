import type { Viewer } from '#application';
import type { FastifyRequest } from 'fastify';
import type { Loaders } from './loaders.js';

/** What resolvers get besides their arguments; made per request, or per subscription. */
export interface GraphqlContext {
  readonly viewer: Viewer;
  readonly loaders: Loaders;
}

/** Of an operation that came by POST. */
export interface HttpGraphqlContext extends GraphqlContext {
  readonly req: FastifyRequest;
}
