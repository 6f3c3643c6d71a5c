import type { Viewer } from '#application';
import type { FastifyRequest } from 'fastify';
import type { Loaders } from './loaders.js';

/** What resolvers get besides their arguments; made per request. */
export interface GraphqlContext {
  readonly req: FastifyRequest;
  readonly viewer: Viewer;
  readonly loaders: Loaders;
}
