import { HygieneError } from '#core';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { toApiFault } from '../errors/api-fault.js';
import { HttpFault } from '../errors/http-fault.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../errors/problem.js';
import { faultHeaders, sendFault } from '../errors/send-fault.js';
import { distinctHeaders } from './distinct-headers.js';

/** Deliveries are small: Standard Webhooks asks for less than 20 kB, GitHub's largest are far from common. */
export const DELIVERY_LIMIT = 1_048_576;
const ACCEPTED = 202;
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Webhooks in: `POST /hooks/{webhookId}` takes the raw bytes of any media type, for signatures are over bytes. Nothing is inflated, and
 * nothing is parsed before the sender has proved itself.
 */
export function hooksDoor({ receiveDelivery, logger }: ApiDependencies): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: DELIVERY_LIMIT },
      async (_request: unknown, body: string | Buffer) => body,
    );
    server.addHook('onRequest', async (request) => refuseEncoding(request));
    server.setErrorHandler((error, request, reply) =>
      isUnproven(error)
        ? answerUnproven(error, reply)
        : sendFault(withOwnWords(error), request, reply, logger),
    );
    server.post<{ Params: { webhookId: string } }>(
      '/:webhookId',
      { bodyLimit: DELIVERY_LIMIT },
      async ({ params, raw, body }, reply) => {
        const { scanIds } = await receiveDelivery.execute({
          webhookId: params.webhookId,
          headers: distinctHeaders(raw),
          body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        });
        return reply.code(ACCEPTED).header('cache-control', 'no-store').send({ scanIds });
      },
    );
    server.route({
      method: [...OTHER_METHODS],
      url: '/:webhookId',
      handler: async () => {
        throw new HttpFault(405, 'INPUT_INVALID', 'This address takes POST.', { headers: { allow: 'POST' } });
      },
    });
  };
}

/** No sender of these compresses; who does could make a body a thousand times as large as its limit. */
function refuseEncoding({ raw }: FastifyRequest): void {
  const encodings = distinctHeaders(raw)['content-encoding'] ?? [];
  if (encodings.every((encoding) => encoding.trim().toLowerCase() === 'identity')) return;
  throw new HttpFault(415, 'INPUT_INVALID', 'Deliveries are taken as they are: send no Content-Encoding.', {
    headers: { 'accept-encoding': 'identity' },
  });
}

function isUnproven(error: unknown): error is HygieneError {
  return error instanceof HygieneError && error.code === 'SIGNATURE_INVALID';
}

/** The same bytes for every address: neither the address nor the number of the request is in it. */
function answerUnproven(error: HygieneError, reply: FastifyReply): FastifyReply {
  const fault = toApiFault(error, '-');
  const { requestId: _requestId, ...problem } = problemOf(fault, '/hooks', '-');
  return reply
    .code(fault.status)
    .headers(faultHeaders(fault, error))
    .type(PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send(problem);
}

function withOwnWords(error: unknown): unknown {
  const isTooLarge = error instanceof Error && 'statusCode' in error && error.statusCode === 413;
  return isTooLarge
    ? new HttpFault(413, 'LIMIT_EXCEEDED', 'The delivery is too large; at most 1 MiB is taken.', {
        headers: { connection: 'close' },
      })
    : error;
}
