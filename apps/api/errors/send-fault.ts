import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { bearerChallenge } from '../http/bearer-token.js';
import { pathOf } from '../http/path-of.js';
import { toApiFault, type ApiFault } from './api-fault.js';
import { HttpFault } from './http-fault.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';

/** Answers a request with an error: a problem document, or GraphQL's `errors` at `/graphql`. Logs defects of ours, once. */
export async function sendFault(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): Promise<void> {
  const fault = toApiFault(error, request.id);
  if (fault.unexpected) logger.error({ requestId: request.id, err: error }, 'request failed unexpectedly');
  const path = pathOf(request.url);
  void reply.code(fault.status).headers({ 'x-request-id': request.id, ...faultHeaders(fault, error) });
  if (path === '/graphql') {
    await reply.type('application/json; charset=utf-8').send({ errors: [graphqlError(fault, request.id)] });
    return;
  }
  await reply
    .type(PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send({ ...problemOf(fault, path, request.id), ...(error instanceof HttpFault ? error.members : {}) });
}

/** What goes with the status: a challenge, a time to wait, the methods that are allowed. */
export function faultHeaders(fault: ApiFault, error: unknown): Record<string, string> {
  return {
    'cache-control': 'no-store',
    ...(fault.status === 401 ? { 'www-authenticate': bearerChallenge(fault.reason) } : {}),
    ...(fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) }),
    ...(error instanceof HttpFault ? error.headers : {}),
  };
}

/** One member of GraphQL's `errors`. */
export function graphqlError(fault: ApiFault, requestId: string) {
  return {
    message: fault.message,
    extensions: { code: fault.code, reason: fault.reason, faults: fault.faults, requestId },
  };
}
