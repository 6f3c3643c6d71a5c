import type { FastifyInstance } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { HttpFault } from '../errors/http-fault.js';
import { authentication } from '../http/authentication.js';

/** Before Apollo sees a request: POST only (an address holds no query, so none is logged or cached), and a valid token. */
export function graphqlDoor(server: FastifyInstance, deps: Pick<ApiDependencies, 'authenticate'>): void {
  const authenticate = authentication(deps);
  server.addHook('onRequest', async (request) => {
    // The route that was found, not the address as it is written: a router reads `/%67raphql` as well.
    if (request.routeOptions.url !== '/graphql') return;
    if (request.method !== 'POST') {
      throw new HttpFault(405, 'INPUT_INVALID', 'GraphQL operations are sent by POST.', {
        headers: { allow: 'POST' },
      });
    }
    await authenticate(request);
  });
}
