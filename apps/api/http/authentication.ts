import { HygieneError } from '#core';
import type { Viewer } from '#application';
import type { FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { bearerToken } from './bearer-token.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the `onRequest` hook of doors that need a token. */
    viewer: Viewer | null;
    /** The name a client gave its GraphQL operation; for the log. */
    graphqlOperation: string | null;
  }
}

/** An `onRequest` hook: a caller without a valid token is turned away before its body is read. */
export function authentication(deps: Pick<ApiDependencies, 'authenticate'>) {
  return async (request: FastifyRequest): Promise<void> => {
    request.viewer = await deps.authenticate(bearerToken(request.headers.authorization));
  };
}

export function viewerOf(request: FastifyRequest): Viewer {
  if (request.viewer === null)
    throw new HygieneError('TOKEN_MISSING', 'Send a token: `Authorization: Bearer twd_…`.');
  return request.viewer;
}
